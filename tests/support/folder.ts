// A folder of a test's own, removed when its file is done.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** Call it while tests are declared or run; the folder goes when the test file ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kram-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000)
  return folder
}
