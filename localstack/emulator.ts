// `npm run localstack`: an emulator of AWS on this machine, whichever is found first: one that answers already,
// ministack, or Docker with compose.yml. `-- --install` installs ministack into .localstack/ first.
import { spawn, spawnSync } from 'node:child_process'
import { Command } from 'commander'
import { endWith } from './end-with.ts'
import { findMinistack, installMinistack, packages, startMinistack } from './ministack.ts'
import { endpoint, run, say } from './settings.ts'

const composeFile = 'localstack/compose.yml'

async function answers(): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(2_000) })
    return true
  } catch {
    return false
  }
}

const dockerRuns = (): boolean => spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0

const none = `No emulator was found. One of these, then again:
  npm run localstack -- --install    ${packages[0]} into .localstack/venv (Python 3.10 or later; no Docker, no account)
  start Docker                       ${composeFile} runs in it; LOCALSTACK_IMAGE picks another image
  AWS_ENDPOINT_URL=http://...        an emulator that runs somewhere already`

async function main({ install = false }: { install?: boolean }): Promise<void> {
  if (await answers()) {
    say(`An emulator answers at ${endpoint} already. Next: npm run localstack:deploy`)
    return
  }
  if (install) {
    say(`Installing ${packages.join(' and ')} into .localstack/venv ...`)
    const installed = installMinistack()
    if ('why' in installed) throw new Error(`It was not installed: ${installed.why}`)
  }
  const python = findMinistack()
  const { hostname, port } = new URL(endpoint)
  if (python && ['127.0.0.1', 'localhost'].includes(hostname)) {
    say(`Starting ministack at ${endpoint} (Ctrl-C ends it). In another terminal: npm run localstack:deploy`)
    const child = await startMinistack(python, { port: Number(port) })
    process.exitCode = await new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 0)))
  } else if (dockerRuns()) {
    say(`Starting ${composeFile} in Docker (Ctrl-C ends it). In another terminal: npm run localstack:deploy`)
    const child = spawn('docker', ['compose', '--file', composeFile, 'up'], { stdio: 'inherit' })
    endWith(child)
    process.exitCode = await new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 0)))
  } else {
    throw new Error(none)
  }
}

const command = new Command('npm run localstack --')
  .description('Starts an emulator of AWS on this machine: ministack, or Docker with compose.yml.')
  .option('--install', 'installs ministack into .localstack/ first')
run(command, main)
