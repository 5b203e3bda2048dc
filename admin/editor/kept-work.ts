// Unsaved work, kept in the browser: a closed tab, a lost session or a crash loses nothing.
import { signal } from '@preact/signals-core'
import type { Config } from './config-tree.ts'

/** `base`: the version that it began from, 0 for a new promotion. */
export type Work = { config: Config; base: number; atMs: number }

const prefix = 'kram.work/'
/** Raised with every change, so that lists that show marks are drawn again. */
const changes = signal(0)

export function keepWork(id: string, work: Work): void {
  try {
    localStorage.setItem(prefix + id, JSON.stringify(work))
    changes.value++
  } catch {
    // The browser keeps nothing (private window, no room): the page still warns on leaving.
  }
}

export function workOf(id: string): Work | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(prefix + id) ?? 'null') as Work | null
    return kept && typeof kept.config === 'object' && kept.config !== null ? kept : undefined
  } catch {
    return undefined
  }
}

export function forgetWork(id: string): void {
  localStorage.removeItem(prefix + id)
  changes.value++
}

export const hasWork = (id: string): boolean => changes.value >= 0 && localStorage.getItem(prefix + id) !== null

/** Under which the work on a promotion that is not saved yet is kept. */
export const newWorkKey = (from?: string): string => (from === undefined ? '+' : `+${from}`)
