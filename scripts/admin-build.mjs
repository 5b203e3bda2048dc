// `npm run admin:build`: the admin page into dist/admin. `npm start` and the functions' build call it too; when nothing
// that it is made of has changed, it does nothing.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'dist', 'admin')
const markFile = join(target, '.made-of')

function filesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** What the page is made of, as one hash. */
function madeOf() {
  const hash = createHash('sha256')
  const folders = ['admin', 'lib/base', 'lib/promos', 'lib/rules', 'lib/shop']
  for (const file of [...folders.flatMap(filesIn), join(root, 'package-lock.json')]) {
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

const isFresh = (mark) => existsSync(markFile) && readFileSync(markFile, 'utf8') === mark

/** Builds the page unless it is there already. Whole files at once: another build, or a shop that runs, may read. */
export async function buildAdmin() {
  const mark = madeOf()
  if (isFresh(mark)) return
  const { build } = await import('vite')
  const made = join(root, 'dist', `.admin-${process.pid}`)
  // Whoever builds it, tests too: the page is always the one for people.
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  mkdirSync(made, { recursive: true })
  try {
    await build({
      configFile: join(root, 'admin/vite.config.ts'),
      configLoader: 'native',
      logLevel: 'warn',
      build: { outDir: made },
    })
    compress(join(made, 'assets'))
    writeFileSync(join(made, '.made-of'), mark)
    replaceFolder(made)
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
    rmSync(made, { recursive: true, force: true })
  }
}

// Smaller than this, a compressed file saves no packet.
const worthBytes = 1_000

// Beside each file, for the server to hand out as they are.
function compress(folder) {
  for (const name of readdirSync(folder)) {
    if (!/\.(?:js|css|svg|json)$/.test(name)) continue
    const bytes = readFileSync(join(folder, name))
    if (bytes.length < worthBytes) continue
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params }))
    writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }))
  }
}

function replaceFolder(made) {
  const old = `${made}-old`
  try {
    if (existsSync(target)) renameSync(target, old)
    renameSync(made, target)
  } catch (error) {
    // Another build was quicker; what it made is as good.
    if (!existsSync(join(target, 'index.html'))) throw error
  } finally {
    rmSync(old, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAdmin()
