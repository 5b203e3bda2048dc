// What the build leaves out of lib/ for the page, and that the page finds its own words in what is left.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  withoutAssertions,
  withoutDescriptions,
  withoutLimits,
  withoutLonePipes,
  withoutRules,
  withoutSentences,
  withoutShortCuts,
} from '../../admin/build/lean.ts'
import { wordsFor } from '../../admin/messages.ts'
import { limits } from '../../lib/base/limits.ts'
import { promoSchema } from '../../lib/promos/config.ts'

const english = JSON.parse(readFileSync('admin/texts/en.json', 'utf8'))
const lean = withoutSentences(english.messages.map(([pattern]: [string]) => pattern))

const messageText = (text: string): string => wordsFor(text, english.messages)

/** What the source says once it is lean, as JavaScript would make it with these values. */
const said = (source: string, values: { [name: string]: string } = {}): string =>
  lean(source)
    .slice(1, -1)
    .replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '')

describe('a sentence that the page has words for is a number, and leads to the same words', () => {
  // A computed part is written as <part>.
  for (const [written, text, values = {}] of [
    ["'must be a whole number'", 'must be a whole number'],
    ['"must be at most 10000000000"', 'must be at most 10000000000'],
    ['`must have at most <1_000> codes`', 'must have at most 1000 codes'],
    ['`must have at most <chars> characters`', 'must have at most 500 characters', { chars: '500' }],
    ['`must be one of <names>`', 'must be one of a, b', { names: 'a, b' }],
    [
      '`and "<title>" can take <percent> % off the same goods together; name them one group`',
      'and "Socks, 3 for 2" can take 120 % off the same goods together; name them one group',
      { title: 'Socks, 3 for 2', percent: '120' },
    ],
    [
      '\'can never match: "size" is asked to be missing and to have a value\'',
      'can never match: "size" is asked to be missing and to have a value',
    ],
  ] as const) {
    const source = written.replace(/<(\w+)>/g, '$${$1}')
    test(text, () => {
      expect(said(source, values)).toMatch(/^#\d+/)
      expect(messageText(said(source, values))).toBe(messageText(text))
      expect(messageText(text)).not.toBe(text)
    })
  }
})

test('after the name of an argument too', () => {
  const text = 'cannot stand beside sum: name one of percent, sum, price'
  expect(messageText(`percent ${said(`'${text}'`)}`)).toBe(messageText(text))
})

test('any other text stays as it is', () => {
  for (const source of ["'the quick brown fox'", "'must do what nobody has words for'", "from './must.ts'"]) {
    expect(lean(source)).toBe(source)
  }
})

test('titles and descriptions go, with what leads to them', () => {
  expect(withoutDescriptions(`v.pipe(v.string(), v.title('A'), v.description("It's (b)"))`)).toBe('v.pipe(v.string())')
  expect(withoutDescriptions('v.pipe(schema, v.title(code), v.description(conditions[code].description))')).toBe(
    'v.pipe(schema)',
  )
  expect(withoutDescriptions("const x = {\n  code: 'x',\n  description:\n    'long',\n}")).toBe(
    "const x = {\n  code: 'x',\n\n}",
  )
  const config = readFileSync('lib/promos/config.ts', 'utf8')
  expect(config).toContain('state: describe(')
  expect(withoutDescriptions(config)).not.toMatch(/What people call it|Trial|'Priority'|'Codes'/)
})

test('of the limits the numbers stay', () => {
  const source = "import { limits } from '../base/limits.ts'\nv.maxLength(limits.idChars)"
  expect(withoutLimits(source)).toContain(`v.maxLength(${limits.idChars})`)
})

test('of limits that are renamed the numbers stay too', () => {
  const source = "import { limits } from '../base/limits.ts'\nconst { hints: shown, hintTries: tries } = limits\n"
  expect(withoutLimits(source)).toMatch(new RegExp(`= \\{ hints: ${limits.hints}, hintTries: ${limits.hintTries} \\}`))
})

test('a schema that is left alone in a pipe needs none, also in another', () => {
  expect(withoutLonePipes('const x = v.pipe(v.optional(v.pipe(a())))')).toBe('const x = v.optional(a())')
  expect(withoutLonePipes('const x = v.pipe(v.pipe(a), b)')).toBe('const x = v.pipe(a, b)')
})

test('every validation of a promotion says in its own words what it refuses', () => {
  type Schema = { kind: string; type: string; message?: unknown; getter?: (input: unknown) => Schema }
  const seen = new Set<unknown>()
  const silent: Schema[] = []
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return
    seen.add(part)
    const schema = part as Schema
    // What it adds itself has words.
    if (schema.kind === 'validation' && schema.message === undefined && schema.type !== 'raw_check') silent.push(schema)
    if (schema.type === 'lazy') look(schema.getter?.(undefined))
    for (const inner of Object.values(part)) look(inner)
  }
  look(promoSchema)
  expect(seen.size).toBeGreaterThan(100)
  expect(silent).toEqual([])
})

test('of conditions the rules go, and nothing else', () => {
  const source = "const x = { late: true, rule: (goods: Test[]) => [{ a: '}', goods }], judge() { return rule } }"
  expect(withoutRules(source)).toBe('const x = { late: true,  judge() { return rule } }')
  expect(withoutRules("const y = { judge, rule() { return [{ fact: 'x' }] } }")).toBe('const y = { judge,  }')
  expect(withoutRules('const { rule } = judge; const z = { rule: 5, of: rule }')).toContain('rule: 5, of: rule')
})

test('every condition has a rule to leave out, but those that are judged late', () => {
  const folder = 'lib/promos/conditions'
  const kept = readdirSync(folder).filter((file) => {
    const source = readFileSync(`${folder}/${file}`, 'utf8')
    return withoutRules(source) === source && !/chosen\(|oneOfMany\(|orderRange\(/.test(source)
  })
  expect(kept).toEqual([])
})

test('short cuts go, and what they shorten stays', () => {
  const lean = (source: string): string => withoutShortCuts(source).replace(/\s+/g, ' ').trim()
  const cut = '// Short cut\n'
  expect(lean(`${cut}if (a) { b() }\nc()`)).toBe('// Short cut c()')
  expect(lean(`${cut}if (a) b()\nelse c()`)).toBe('// Short cut c()')
  expect(lean(`// Short cut: why.\n  const known = map.get(key)\n${cut}if (known) return_(known)\nc()`)).toBe(
    '// Short cut: why. // Short cut c()',
  )
  expect(lean(`c()\n${cut}map.set(key, c)`)).toBe('c() // Short cut')
  expect(lean('// No short cut\nif (a) b()')).toBe('// No short cut if (a) b()')
})

test('assertions go', () => {
  expect(withoutAssertions("a()\n  assert(a !== undefined && b(), 'why')\nb()")).toBe('a()\n\nb()')
})
