// Runs the real CLI as a process, as people do: bin/kram.mjs on a data folder.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const bin = fileURLToPath(new URL('../../bin/kram.mjs', import.meta.url))

export type Ended = { code: number | null; stdout: string; stderr: string }

export type Options = {
  /** Default: none given, so `.kram` in the working directory. */
  dataDir?: string
  stdin?: string | Uint8Array
  cwd?: string
}

/** Starts `kram ...args`; the caller ends it. */
export function startKram(args: readonly string[], { dataDir, cwd }: Options = {}): ChildProcess {
  const env = { ...process.env, ...(dataDir !== undefined && { KRAM_DATA: dataDir }) }
  return spawn(process.execPath, [bin, ...args], { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] })
}

/** Runs `kram ...args` to its end. */
export async function kram(args: readonly string[], options: Options = {}): Promise<Ended> {
  const child = startKram(args, options)
  const ended: Ended = { code: null, stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    ended.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    ended.stderr += text
  })
  child.stdin?.on('error', () => undefined).end(options.stdin ?? '')
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      ended.code = code
      resolve()
    })
  })
  return ended
}
