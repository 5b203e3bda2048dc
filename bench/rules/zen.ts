// GoRules Zen: one decision table that collects, a row for each promotion. It tests the cells from left to right: first
// whether the cart has the values at all, in whatever lines, which ends most rows; then window and order conditions, which
// are unary; the goods are an expression, last, as it costs most.
import type { Engine } from './engine.ts'
import type { Cart, Promo } from './generate.ts'
import { opponent } from './opponents.ts'

type Decision = { evaluate(context: unknown): Promise<{ result: { promo: number }[] }> }
type Zen = {
  ZenEngine: new () => { createDecision(content: unknown): Decision }
  ZenDecisionContent: new (content: unknown) => unknown
}
type Input = {
  now: number
  delivery: string
  payment: string
  channel: string
  loyalty: boolean
  /** Each `attribute:value` that some line has. */
  has: Record<string, true>
  lines: Record<string, unknown>[]
}

const text = (value: string | undefined): string => (value === undefined ? '' : JSON.stringify(value))

const pairOf = (name: string, value: string): string => `${name}:${value}`

const hasOf = ({ filters }: Promo): string =>
  Object.entries(filters)
    .map(([name, value]) => `has[${JSON.stringify(pairOf(name, value))}] == true`)
    .join(' and ')

function goodsOf({ filters, totalMinor }: Promo): string {
  const matches = Object.entries(filters)
    .map(([name, value]) => `#.${name} == ${JSON.stringify(value)}`)
    .join(' and ')
  if (totalMinor === undefined) return `some(lines, ${matches})`
  return `sum(map(filter(lines, ${matches}), #.value)) >= ${totalMinor}`
}

function tableOf(promos: readonly Promo[]) {
  const columns = ['now', 'delivery', 'payment', 'channel', 'loyalty']
  const rules = promos.map((promo, i) => ({
    _id: `rule-${i}`,
    has: hasOf(promo),
    now: `[${promo.from}..${promo.until})`,
    delivery: text(promo.delivery),
    payment: text(promo.payment),
    channel: text(promo.channel),
    loyalty: promo.loyalty ? 'true' : '',
    goods: goodsOf(promo),
    promo: String(i),
  }))
  return {
    hitPolicy: 'collect',
    inputs: [
      { id: 'has', name: 'has' },
      ...columns.map((field) => ({ id: field, name: field, field })),
      { id: 'goods', name: 'goods' },
    ],
    outputs: [{ id: 'promo', name: 'promo', field: 'promo' }],
    rules,
  }
}

// Of the 2.x line the registry may have no more than the binaries, so that these are loaded by themselves; where there is
// none for the platform, the last of the line before.
export function zen(promos: readonly Promo[]): Engine<Input> | undefined {
  const found = opponent<Zen>('zen-engine-2', '@gorules/zen-engine')
  if (found === undefined) return undefined
  const { ZenEngine, ZenDecisionContent } = found.library
  const content = new ZenDecisionContent({
    contentType: 'application/vnd.gorules.decision',
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode', position: { x: 0, y: 0 } },
      { id: 'table', name: 'table', type: 'decisionTableNode', position: { x: 1, y: 0 }, content: tableOf(promos) },
      { id: 'out', name: 'out', type: 'outputNode', position: { x: 2, y: 0 } },
    ],
    edges: [
      { id: 'a', type: 'edge', sourceId: 'in', targetId: 'table' },
      { id: 'b', type: 'edge', sourceId: 'table', targetId: 'out' },
    ],
  })
  const decision = new ZenEngine().createDecision(content)
  return {
    name: `GoRules Zen ${found.version}`,
    prepare: (cart: Cart, now: number) => ({
      now,
      delivery: cart.delivery,
      payment: cart.payment,
      channel: cart.channel,
      loyalty: cart.loyalty,
      has: Object.fromEntries(
        cart.lines.flatMap(({ product }) =>
          Object.entries(product.attributes).map(([name, value]) => [pairOf(name, value), true as const]),
        ),
      ),
      lines: cart.lines.map(({ product, quantity }) => ({
        ...product.attributes,
        value: product.priceMinor * quantity,
      })),
    }),
    evaluate: async (input) => (await decision.evaluate(input)).result.map(({ promo }) => promo),
  }
}
