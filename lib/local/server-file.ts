// `server.json` in the data folder: where the running shop listens. The host writes it, the CLI reads it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'

const schema = v.strictObject({ url: v.pipe(v.string(), v.url()), pid: v.number() })

/** Where a shop listens, and the process that runs it. */
export type Server = v.InferOutput<typeof schema>

const pathOf = (dataDir: string): string => join(dataDir, 'server.json')

export function writeServer(dataDir: string, server: Server): void {
  writeFileSync(pathOf(dataDir), `${JSON.stringify(server)}\n`)
}

export const removeServer = (dataDir: string): void => rmSync(pathOf(dataDir), { force: true })

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The running shop of this data folder; undefined when there is none (a file left by a killed one counts as none). */
export function readServer(dataDir: string): Server | undefined {
  let server: unknown
  try {
    server = JSON.parse(readFileSync(pathOf(dataDir), 'utf8'))
  } catch {
    return undefined
  }
  return v.is(schema, server) && isAlive(server.pid) ? server : undefined
}
