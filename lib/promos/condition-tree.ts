// Conditions as a tree of any, all and not: apart from their kinds and schemas, for who only reads one that has passed.
import type { ConditionConfig, LeafConfig, NestedConfig } from './conditions.ts'

export const isLeaf = (config: ConditionConfig): config is LeafConfig => Object.hasOwn(config, 'type')

/** The conditions inside any, all or not. */
export function branchesOf(config: NestedConfig): [['any' | 'all' | 'not', ConditionConfig[]]] {
  if ('any' in config) return [['any', config.any]]
  return 'all' in config ? [['all', config.all]] : [['not', [config.not]]]
}

/** How many conditions there are, however nested. */
export function countConditions(configs: readonly ConditionConfig[]): number {
  let count = 0
  for (const config of configs) {
    if (isLeaf(config)) count++
    else for (const [, branches] of branchesOf(config)) count += countConditions(branches)
  }
  return count
}

/** Whether it, or one inside it, is judged only when the promo's turn comes. */
export function isLate(config: ConditionConfig): boolean {
  if (isLeaf(config)) return config.of === 'remaining' || config.type === 'line_not_discounted'
  return branchesOf(config).some(([, branches]) => branches.some(isLate))
}
