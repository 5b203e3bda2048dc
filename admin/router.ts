// Where the reader is: the page has one address and keeps its places in the fragment (`/admin#/promos/summer`).
import { signal } from '@preact/signals-core'

export type Place =
  | { name: 'list' }
  | { name: 'calendar' }
  | { name: 'results' }
  | { name: 'new'; from?: string }
  | { name: 'edit' | 'history'; id: string }

function read(hash: string): Place {
  const [first = '', second, third] = hash.replace(/^#\/?/, '').split('/').map(decode)
  if (first === 'calendar' || first === 'results') return { name: first }
  if (first === 'new') return second ? { name: 'new', from: second } : { name: 'new' }
  if (first === 'promos' && second) return { name: third === 'history' ? 'history' : 'edit', id: second }
  return { name: 'list' }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export const place = signal<Place>(read(location.hash))

addEventListener('hashchange', () => {
  place.value = read(location.hash)
})

const enc = encodeURIComponent
export const paths = {
  list: '#/',
  calendar: '#/calendar',
  results: '#/results',
  new: '#/new',
  copy: (id: string) => `#/new/${enc(id)}`,
  edit: (id: string) => `#/promos/${enc(id)}`,
  history: (id: string) => `#/promos/${enc(id)}/history`,
}

export function go(path: string): void {
  location.hash = path
}
