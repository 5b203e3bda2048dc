// docs/promos.md: every example is run as it stands; every kind, argument, field, operator, limit, reason and
// placeholder has one; what the page says of kinds and fields is what their schemas say.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { errorLine } from '../../lib/cli/output.ts'
import { promoSchema } from '../../lib/promos/config.ts'
import { evaluate, hintsInput } from '../../lib/promos/evaluate.ts'
import { argumentsOf, generated, placeholderTexts } from '../support/promo-docs.ts'

const page = readFileSync(new URL('../../docs/promos.md', import.meta.url), 'utf8')

type Json = { [name: string]: unknown }
type Block = { whole: boolean; value: Json; section: string }

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let section = ''
  for (const part of markdown.split(/^(?=#+ |```)/m)) {
    const heading = /^#+ (.*)/.exec(part)
    if (heading?.[1]) section = heading[1].replaceAll('`', '')
    const block = /^```json( whole)?\n([\s\S]*)/.exec(part)
    if (block?.[2]) blocks.push({ whole: block[1] !== undefined, value: JSON.parse(block[2]), section })
  }
  return blocks
}

const blocks = blocksOf(page)
const examples = blocks.flatMap((block, i) =>
  Object.hasOwn(block.value, 'promos') ? [{ ...block, expected: blocks[i + 1] }] : [],
)

const answerTo = (input: Json): unknown => {
  try {
    const options = { timeZone: 'Europe/Kyiv' }
    return Object.hasOwn(input, 'product') ? hintsInput(input, options) : evaluate(input, options)
  } catch (error) {
    return { error: errorLine(error) }
  }
}

/** Every object at any depth. */
function objectsIn(value: unknown): Json[] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.values(value).flatMap(objectsIn)
  return Array.isArray(value) ? inside : [value as Json, ...inside]
}

const promos = examples.flatMap(({ value }) => value.promos as Json[])
const answers = examples.map(({ value }) => answerTo(value))
const namesIn = (objects: readonly unknown[]): Set<string> =>
  new Set(objects.flatMap((one) => Object.keys(one as Json)))

const withoutValues = (name: string, value: unknown) => (/^(?:wanted|actual|missing)$/.test(name) ? null : value)

describe('docs/promos.md', () => {
  test('has examples, each with its answer', () => {
    expect(examples.length).toBeGreaterThan(80)
    expect(blocks.length).toBe(examples.length * 2)
  })

  test.each(examples.map((example, i) => [`${example.section} (${i + 1})`, example] as const))('%s', (_, example) => {
    const { value, expected } = example
    const answer = JSON.parse(JSON.stringify(answerTo(value)))
    if (expected?.whole) expect(answer).toEqual(expected.value)
    else expect(answer).toMatchObject(expected?.value ?? {})
  })

  describe.each(['conditions', 'actions'] as const)('%s', (kinds) => {
    const used = objectsIn(promos.map((promo) => (kinds === 'conditions' ? promo.order_filters : promo.actions)))

    test.each([...generated[kinds]])('%s has its section, and an example in it', (code, text) => {
      const section = page.split(/^#+ /m).find((part) => part.startsWith(`\`${code}\`\n`))
      expect(section).toContain(`\n\n${text}\n`)
      expect(examples.filter((example) => example.section === code)).not.toEqual([])
      const own = examples.filter((example) => example.section === code).flatMap(({ value }) => value.promos as Json[])
      expect(objectsIn(own).some(({ type }) => type === code)).toBe(true)
    })

    test.each([...argumentsOf[kinds]].flatMap(([code, names]) => names.map((name) => [code, name] as const)))(
      '%s: %s is used in an example',
      (code, name) => {
        expect(used.some((one) => one.type === code && Object.hasOwn(one, name))).toBe(true)
      },
    )
  })

  test('every field of a config is in the table and in an example', () => {
    expect(page).toContain(`\n\n${generated.config}\n`)
    const used = namesIn(promos)
    for (const name of Object.keys(promoSchema.entries)) expect(used, name).toContain(name)
  })

  test('every placeholder is in the table and in an example', () => {
    expect(page).toContain(`\n\n${generated.placeholders}\n`)
    const hints = JSON.stringify(promos.map(({ hint }) => hint))
    for (const name of Object.keys(placeholderTexts)) expect(hints).toMatch(new RegExp(`\\{${name}[:}]`))
  })

  test.each([
    ['operators', 'eq ne in not_in lt lte gt gte between exists prefix has_all any all not', 'product_filters'],
    ['limits', 'uses customer_uses budget budget_minor each_code codes', 'limits'],
    ['hours', 'weekdays from to', 'recurrence'],
  ])('all %s are in an example', (_, names, field) => {
    const used = namesIn(objectsIn(promos.map((promo) => promo[field])))
    for (const name of names.split(' ')) expect(used).toContain(name)
  })

  test('every reason of a refusal is in an example', () => {
    const reasons = new Set(objectsIn(answers).map(({ reason }) => reason))
    for (const reason of ['conditions', 'exclusive', 'group', 'stop', 'no_effect']) expect(reasons).toContain(reason)
  })

  test('every field of an answer is explained', () => {
    const explained = (name: string): boolean => page.includes(`\`${name}\``) || page.includes(`{${name}`)
    // What was wanted, found and missing is in the words of configs and orders.
    const told = namesIn(objectsIn(answers.map((answer) => JSON.parse(JSON.stringify(answer, withoutValues)))))
    for (const name of told) expect(explained(name), name).toBe(true)
  })
})
