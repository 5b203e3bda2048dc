// ministack, the free emulator that needs neither Docker nor an account: found, installed, started.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { endWith } from './end-with.ts'
import { installPython, pythonOf } from './python.ts'
import { region, root, until } from './settings.ts'

/** What the runs were made with; `cryptography` checks the signatures of tokens. */
export const packages = ['ministack==1.5.33', 'cryptography==50.0.2']

const windows = process.platform === 'win32'
const venvPython = pythonOf('venv')

const hasMinistack = (python: string): boolean =>
  spawnSync(python, ['-c', 'import ministack.app, cryptography'], { stdio: 'ignore' }).status === 0

/** A Python that has ministack: this folder's own, or the machine's. */
export function findMinistack(): string | undefined {
  return [...(existsSync(venvPython) ? [venvPython] : []), 'python3', 'python'].find(hasMinistack)
}

/** Installs ministack into .localstack/venv. Answers why not, when it cannot. */
export const installMinistack = (): { python: string } | { why: string } => installPython('venv', packages)

/** Starts it on 127.0.0.1 and waits until it answers; it ends when we do. Its log goes to `logPath`, or here. */
export async function startMinistack(
  python: string,
  { port, logPath }: { port: number; logPath?: string },
): Promise<ChildProcess> {
  // Functions run in processes of the Node that is found first: the one that is pinned to Lambda's.
  const path = `${dirname(process.execPath)}${windows ? ';' : ':'}${process.env.PATH ?? ''}`
  const out = logPath ? openSync(logPath, 'w') : 'inherit'
  const child = spawn(python, ['-B', `${root}localstack/serve_ministack.py`], {
    stdio: ['ignore', out, out],
    env: {
      ...process.env,
      PATH: path,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      MINISTACK_REGION: region,
      LAMBDA_EXECUTOR: 'local',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
    },
  })
  endWith(child)
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null
  await until(
    'ministack answers',
    async () => {
      if (isOver()) return true
      return (await fetch(`http://127.0.0.1:${port}/_ministack/health`)).ok
    },
    { seconds: 60 },
  )
  if (isOver()) throw new Error(`ministack ended at once (${child.exitCode ?? child.signalCode}).`)
  return child
}
