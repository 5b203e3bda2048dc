// serverless.yml with a bus that gives up after one more try: for tests of dead letters, which wait for them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes it into `folder`; for `openShop({ servicePath })`. */
export function impatientService(folder: string): string {
  const text = readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8')
  const impatient = text.replace(/retry: \{ attempts: \d+,/, 'retry: { attempts: 1,')
  if (impatient === text) throw new Error('serverless.yml has no retry attempts where they were')
  const path = join(folder, 'serverless.yml')
  writeFileSync(path, impatient)
  return path
}
