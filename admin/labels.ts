// Names of fields, conditions, actions and their arguments in the reader's language.
export type LabelKind = 'fields' | 'conditions' | 'actions' | 'arguments' | 'nested'
export const labelOf = (_kind: LabelKind, name: string): { label: string; help?: string } => ({
  label: name.replaceAll('_', ' '),
})
export const valueLabel = (name: string): string => name
