// An admin page as its build leaves it, but small: what the server does with files does not depend on what is in them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

export const adminPage =
  '<!doctype html><title>Kram</title><script type="module" src="/admin/assets/app-1.js"></script>'
export const adminScript = `console.log('${'kram '.repeat(500)}')`

/** Puts `index.html` and `assets/app-1.js` (compressed too), `assets/app-1.css` and a secret beside them into the folder. */
export function writeAdminPage(folder: string): void {
  const assets = join(folder, 'assets')
  mkdirSync(join(assets, 'folder'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), adminPage)
  writeFileSync(join(folder, 'secret.js'), 'secret')
  writeFileSync(join(assets, 'app-1.js'), adminScript)
  writeFileSync(join(assets, 'app-1.js.br'), brotliCompressSync(adminScript))
  writeFileSync(join(assets, 'app-1.js.gz'), gzipSync(adminScript))
  writeFileSync(join(assets, 'app-1.css'), 'body { margin: 0 }')
  writeFileSync(join(assets, 'app-1.js.map'), '{}')
}
