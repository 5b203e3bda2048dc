// The other engines are packages of bench/ alone, so that installing the project does not pay for them. Without a lock: the
// registry does not have every platform's package of each, and a lock names them all.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))
const installed = `${folder}node_modules/.package-lock.json`

/** Installs them once, and again whenever bench/package.json has changed. What cannot be installed is said and left out. */
export function installOpponents(): void {
  const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${folder}package.json`).mtimeMs
  if (isCurrent) return
  console.log('Installing the other engines (once) ...')
  try {
    execFileSync('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
  } catch (error) {
    console.log(`They cannot all be installed (${error instanceof Error ? error.message : error}); the rest goes on.`)
  }
}

const require = createRequire(import.meta.url)

/** A package of bench/, the first of these that can be loaded; undefined when none can, which is said. */
export function opponent<Library>(...names: string[]): { library: Library; version: string } | undefined {
  const reasons: string[] = []
  for (const name of names) {
    try {
      return { library: require(name) as Library, version: versionOf(name) }
    } catch (error) {
      reasons.push(error instanceof Error ? `${error.message.split('\n')[0]}` : String(error))
    }
  }
  console.log(`Left out, it is not there: ${names[0]} (${reasons.join('; ')})`)
  return undefined
}

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(`${folder}node_modules/${name}/package.json`, 'utf8')) as {
    version: string
  }
  return version
}
