// Names of fields, conditions, actions and their arguments in the reader's language.
import type { Label, Labels } from '../lib/promos/labels.ts'
import { language } from './i18n.ts'
import { labels } from './label-table.ts'

export type LabelKind = 'fields' | 'conditions' | 'actions' | 'arguments' | 'nested'

const table = (kind: keyof Labels): { readonly [name: string]: unknown } => labels[language.value]?.[kind] ?? {}

const readable = (name: string): string => name.replaceAll('_', ' ')

/** What a later version of the shop adds has its own name, made readable. */
export const labelOf = (kind: LabelKind, name: string): Label =>
  (table(kind)[name] as Label | undefined) ?? { label: readable(name) }

export const valueLabel = (name: string): string => String(table('values')[name] ?? readable(name))

/** An argument of one kind of condition or action: its `value` may be called otherwise there. */
export function argumentLabel(owner: string, name: string): Label {
  const own = name === 'value' ? table('values_of')[owner] : undefined
  return typeof own === 'string' ? { label: own } : labelOf('arguments', name)
}
