// A place of a config in words: `Order 2: value`.
import { t } from '../i18n.ts'
import { argumentLabel, labelOf } from '../labels.ts'
import { type Config, valueAt } from './config-tree.ts'

export function placeText(pointer: string, config: Config): string {
  const [field, ...steps] = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (field === undefined) return t('part.all')
  const names = [labelOf('fields', field).label]
  // The action or condition that the step is of: its value may have a name of its own.
  let owner = ''
  for (const [i, step] of steps.entries()) {
    const value = valueAt(config, [field, ...steps.slice(0, i + 1)])
    const type = typeof value === 'object' && value !== null ? (value as Config).type : undefined
    const kind = field === 'actions' ? 'actions' : 'conditions'
    if (typeof type === 'string') {
      owner = type
      names.push(`${Number(step) + 1} (${labelOf(kind, type).label})`)
    } else if (/^\d+$/.test(step)) names.push(String(Number(step) + 1))
    else names.push(field === 'product_filters' || field === 'targets' ? step : argumentLabel(owner, step).label)
  }
  return names.join(', ')
}
