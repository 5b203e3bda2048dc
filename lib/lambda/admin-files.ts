// The built admin page as the server hands it out: everything of dist/admin, by name. What is not in the folder's own
// listing does not exist, so that no address leads out of it.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { etagOf } from './etag.ts'

export type AdminFile = {
  mediaType: string
  etag: string
  bytes: Buffer
  /** The same, compressed, where the build prepared it. */
  brotli?: Buffer
  gzip?: Buffer
}

export type AdminFiles = {
  /** undefined: the page is not built. */
  page(): AdminFile | undefined
  /** By the file's name alone. */
  asset(name: string): AdminFile | undefined
}

const mediaTypes: { [extension: string]: string } = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

type Loaded = { stamp: number; page: AdminFile; assets: ReadonlyMap<string, AdminFile> }

/** Reads `folder` when first asked, and again when its page was built anew. */
export function createAdminFiles(folder: string): AdminFiles {
  let loaded: Loaded | undefined
  const current = (): Loaded | undefined => {
    const stamp = statSync(join(folder, 'index.html'), { throwIfNoEntry: false })?.mtimeMs
    if (stamp === undefined) return undefined
    if (loaded?.stamp !== stamp) loaded = load(folder, stamp)
    return loaded
  }
  return {
    page: () => current()?.page,
    asset: (name) => current()?.assets.get(name),
  }
}

function load(folder: string, stamp: number): Loaded {
  const assetsFolder = join(folder, 'assets')
  const names = statSync(assetsFolder, { throwIfNoEntry: false })
    ? readdirSync(assetsFolder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
    : []
  const known = new Set(names)
  const assets = names.flatMap((name): [string, AdminFile][] => {
    const mediaType = mediaTypes[extname(name)]
    return mediaType === undefined ? [] : [[name, readAsset(assetsFolder, name, mediaType, known)]]
  })
  const html = readFileSync(join(folder, 'index.html'))
  const page = { mediaType: mediaTypes['.html']!, etag: etagOf(html.toString()), bytes: html }
  return { stamp, page, assets: new Map(assets) }
}

function readAsset(folder: string, name: string, mediaType: string, known: ReadonlySet<string>): AdminFile {
  const bytes = readFileSync(join(folder, name))
  return {
    mediaType,
    etag: etagOf(bytes.toString('base64')),
    bytes,
    ...(known.has(`${name}.br`) && { brotli: readFileSync(join(folder, `${name}.br`)) }),
    ...(known.has(`${name}.gz`) && { gzip: readFileSync(join(folder, `${name}.gz`)) }),
  }
}

/** The file's bytes in the best writing that `acceptEncoding` names; RFC 9110, 12.5.3. */
export function encodedFor(
  { bytes, brotli, gzip }: AdminFile,
  acceptEncoding = '',
): { bytes: Buffer; encoding?: 'br' | 'gzip' } {
  const accepted = new Set(
    acceptEncoding.split(',').flatMap((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
      return parameters.some((text) => /^q=0(?:\.0*)?$/.test(text)) ? [] : [name]
    }),
  )
  if (brotli && accepted.has('br')) return { bytes: brotli, encoding: 'br' }
  if (gzip && accepted.has('gzip')) return { bytes: gzip, encoding: 'gzip' }
  return { bytes }
}
