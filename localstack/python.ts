// Python programs in folders of their own under .localstack/.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { folder } from './settings.ts'

const windows = process.platform === 'win32'

export const pythonOf = (venv: string): string => `${folder}/${venv}/${windows ? 'Scripts/python.exe' : 'bin/python3'}`

/** A Python with these packages, installed when they are not yet. Answers why not, when they cannot be. */
export function installPython(venv: string, packages: readonly string[]): { python: string } | { why: string } {
  const done = `${folder}/${venv}/${packages.join(' ').replaceAll(/[^\w.= -]/g, '')}.installed`
  const own = pythonOf(venv)
  if (existsSync(done)) return { python: own }
  const fresh = 'import sys, venv; sys.exit(sys.version_info < (3, 10))'
  const python = ['python3', 'python'].find((name) => spawnSync(name, ['-c', fresh], { stdio: 'ignore' }).status === 0)
  if (!python) return { why: 'Python 3.10 or later with venv is not here' }
  mkdirSync(folder, { recursive: true })
  const steps: [string, string[]][] = [
    [python, ['-m', 'venv', `${folder}/${venv}`]],
    [own, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]],
  ]
  for (const [command, args] of steps) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
    if (status !== 0) {
      return { why: `${packages.join(' and ')} cannot be installed: ${stderr.trim().split('\n').at(-1)}` }
    }
  }
  writeFileSync(done, '')
  return { python: own }
}
