// Processes of a test's own, run by the Node that runs the tests.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type ChildOptions = {
  /** Its files may grow to this many of the shell's blocks (512 or 1,024 bytes): a disk that fills up. */
  fileBlocks?: number
}

/** Starts `script` (a path from the project's root); its standard output is the caller's to read. */
export function startChild(script: string, args: readonly string[], { fileBlocks }: ChildOptions = {}): ChildProcess {
  const stdio: StdioOptions = ['pipe', 'pipe', 'inherit']
  if (fileBlocks === undefined) return spawn(process.execPath, [script, ...args], { cwd: root, stdio })
  const limited = [`ulimit -f ${fileBlocks} && exec "$0" "$@"`, process.execPath, script, ...args]
  return spawn('/bin/sh', ['-c', ...limited], { cwd: root, stdio })
}

/** Runs `count` of them at once, and fails unless each exits with 0. */
export async function runChildren(count: number, script: string, args: readonly string[]): Promise<void> {
  const children = Array.from({ length: count }, () => startChild(script, args))
  const codes = await Promise.all(
    children.map(async (child) => {
      child.stdout?.resume()
      const [code] = await once(child, 'exit')
      return code
    }),
  )
  if (codes.some((code) => code !== 0)) throw new Error(`${script} exited with ${codes.join(', ')}`)
}
