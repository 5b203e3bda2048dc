// `npm run test:fresh`: what a new user does. Clones the last commit into an empty folder, types `npm start` there with
// nothing run before, tries the first command that it prints, and ends it.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const patienceMs = 300_000
const folder = mkdtempSync(join(tmpdir(), 'kram-fresh-'))
// The machine's own Node: npm puts this project's bin folders in front.
const path = process.env.PATH.split(delimiter).filter((part) => !part.includes('node_modules'))
const env = { ...process.env, PATH: path.join(delimiter) }

let said = ''
let shop

function fail(why) {
  console.error(`${said}\n${why}`)
  shop?.kill('SIGTERM')
  process.exitCode = 1
}

async function until(holds, timeoutMs) {
  const deadline = Date.now() + timeoutMs
  while (!holds() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100))
  return holds()
}

try {
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', process.cwd(), folder], { stdio: 'inherit' })
  const version = execFileSync('node', ['--version'], { env, encoding: 'utf8' }).trim()
  console.log(`npm start in an empty folder, with Node ${version} ...`)
  shop = spawn('npm', ['start', '--silent', '--', '--port', '0'], { cwd: folder, env, detached: true })
  for (const stream of [shop.stdout, shop.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk
    })
  }
  const ended = new Promise((resolve) => shop.on('exit', resolve))
  await until(() => said.includes('Ctrl-C') || shop.exitCode !== null, patienceMs)
  const url = /open at (\S+)/.exec(said)?.[1]
  const token = /TOKEN=(\S+)/.exec(said)?.[1]
  if (!url || !token) fail('The shop did not start.')
  else {
    const response = await fetch(`${url}/products`, { headers: { authorization: `Bearer ${token}` } })
    const { items } = await response.json()
    if (response.status !== 200 || items.length === 0) fail(`GET /products answered ${response.status}.`)
    else console.log(`${said.trim().split('\n')[0]}\nGET /products: ${items.length} products`)
    // As Ctrl-C in a terminal does: the whole process group.
    process.kill(-shop.pid, 'SIGINT')
    // npm itself ends at once; the shop behind it closes its files first, and takes its address back last.
    await ended
    const closed = await until(() => !existsSync(join(folder, '.kram/server.json')), 20_000)
    if (closed) console.log('Ctrl-C ended it in good order')
    else fail('Ctrl-C did not end it in good order.')
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
