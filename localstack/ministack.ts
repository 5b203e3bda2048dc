// ministack, the free emulator that needs neither Docker nor an account: found, installed, started.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { folder, region, root, until } from './settings.ts'

/** What the runs were made with; `cryptography` checks the signatures of tokens. */
export const packages = ['ministack==1.5.33', 'cryptography==50.0.2']

const windows = process.platform === 'win32'
const venvPython = `${folder}/venv/${windows ? 'Scripts/python.exe' : 'bin/python3'}`

const hasMinistack = (python: string): boolean =>
  spawnSync(python, ['-c', 'import ministack.app, cryptography'], { stdio: 'ignore' }).status === 0

/** A Python that has ministack: this folder's own, or the machine's. */
export function findMinistack(): string | undefined {
  return [...(existsSync(venvPython) ? [venvPython] : []), 'python3', 'python'].find(hasMinistack)
}

/** Installs ministack into .localstack/venv. Answers why not, when it cannot. */
export function installMinistack(): { python: string } | { why: string } {
  const python = ['python3', 'python'].find((name) => {
    const { status } = spawnSync(name, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 10))'], {
      stdio: 'ignore',
    })
    return status === 0
  })
  if (!python) return { why: 'Python 3.10 or later with venv is not here' }
  mkdirSync(folder, { recursive: true })
  const steps: [string, string[]][] = [
    [python, ['-m', 'venv', `${folder}/venv`]],
    [venvPython, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]],
  ]
  for (const [command, args] of steps) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
    if (status !== 0)
      return { why: `${packages.join(' and ')} cannot be installed: ${stderr.trim().split('\n').at(-1)}` }
  }
  return { python: venvPython }
}

/** Starts it on 127.0.0.1 and waits until it answers. Its log goes to `logPath`, or here. */
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
  await until(
    'ministack answers',
    async () => {
      if (child.exitCode !== null) return true
      return (await fetch(`http://127.0.0.1:${port}/_ministack/health`)).ok
    },
    { seconds: 60 },
  )
  if (child.exitCode !== null) throw new Error(`ministack ended at once (exit code ${child.exitCode}).`)
  return child
}
