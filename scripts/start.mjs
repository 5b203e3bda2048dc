// `npm start`: the shop on this machine. Finds free ports, runs serverless-offline with the embedded host in it, shows
// what the host says when it is ready, and keeps everything else in a log file (`-- --verbose` shows that too).
import { spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync, openSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const help = `npm start [-- options]

  --port N       HTTP port (default 3000; the next free one when it is taken)
  --data DIR     data folder (default .kram)
  --empty        do not load the sample goods and customers into an empty shop
  --verbose      show the log here instead of in the data folder
`

const root = fileURLToPath(new URL('..', import.meta.url))

function readOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        empty: { type: 'boolean' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    console.error(`npm start: ${error.message}\n\n${help}`)
    process.exit(2)
  }
}

const tryPort = (port) =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const { port: taken } = server.address()
      server.close(() => resolve(taken))
    })
  })

async function httpPort(wanted) {
  const port = Number(wanted ?? 3000)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    console.error(`npm start: --port must be 0 to 65535, not ${wanted}`)
    process.exit(2)
  }
  const free = await tryPort(port)
  if (free) return free
  if (wanted) {
    console.error(`npm start: port ${port} is in use. Choose another with --port, or leave it out.`)
    process.exit(1)
  }
  for (let next = port + 1; next < port + 50; next++) if (await tryPort(next)) return next
  return tryPort(0)
}

const options = readOptions()
if (options.help) {
  console.log(help)
  process.exit(0)
}
const dataDir = options.data ?? process.env.KRAM_DATA ?? '.kram'
try {
  mkdirSync(dataDir, { recursive: true })
  accessSync(dataDir, constants.W_OK)
} catch (error) {
  console.error(`npm start: the data folder ${dataDir} cannot be used: ${error.message}. Choose another with --data.`)
  process.exit(1)
}
const port = await httpPort(options.port)
const lambdaPort = await tryPort(0)

const child = spawn(
  process.execPath,
  [
    '--disable-warning=ExperimentalWarning',
    // Else V8 moves what a burst of orders keeps for a moment to where garbage stays long, and with it what comes after.
    '--no-allocation-site-pretenuring',
    `${root}/node_modules/serverless/bin/serverless.js`,
    ...['offline', 'start', '--httpPort', String(port), '--lambdaPort', String(lambdaPort)],
  ],
  {
    cwd: root,
    stdio: ['ignore', options.verbose ? 'inherit' : 'pipe', options.verbose ? 'inherit' : 'pipe', 'ipc'],
    env: {
      ...process.env,
      KRAM_BACKEND: 'embedded',
      KRAM_DATA: dataDir,
      ...(options.empty ? { KRAM_EMPTY: '1' } : {}),
    },
  },
)

let tail = ''
if (!options.verbose) {
  const log = openSync(`${dataDir}/shop.log`, 'a')
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      tail = (tail + chunk).slice(-4_000)
      try {
        writeSync(log, chunk)
      } catch {
        // The disk is full: the shop goes on, unlogged until there is room.
      }
    })
  }
}
let ready = false
let refused
child.on('message', (message) => {
  if (message?.kram === 'ready') ready = true
  if (message?.kram === 'refused') refused = message.why
  if (typeof message?.text === 'string') console.log(message.text)
})
child.on('exit', (code) => {
  if (!ready) console.error(refused ? `The shop did not start: ${refused}` : `The shop did not start.\n${tail}`)
  process.exit(ready ? 0 : (code ?? 1) || 1)
})
// Ctrl-C reaches the whole process group by itself; a plain kill reaches only us.
process.on('SIGTERM', () => child.kill('SIGTERM'))
process.on('SIGINT', () => {})
