// Leaves out of lib/ what the page cannot use. For vite.config.ts.
import { parseSync, Visitor } from 'vite'
import { limits } from '../../lib/base/limits.ts'

const literal = `(?:'(?:[^'\\\\\\n]|\\\\.)*'|"(?:[^"\\\\\\n]|\\\\.)*")`

/** Titles and descriptions are for JSON Schema; the page has its own names, in three languages. */
export const withoutDescriptions = (source: string): string => {
  const isConfig = /^const describe = /m.test(source)
  const lean = source
    .replace(new RegExp(`,\\s*v\\.(?:title|description)\\(\\s*(?:${literal}|\`[^\`]*\`|[\\w.[\\]]+),?\\s*\\)`, 'g'), '')
    .replace(new RegExp(`^ {2}description:\\s*${literal},$`, 'gm'), '')
  return isConfig ? lean.replace(new RegExp(`,\\s*${literal},\\s*${literal},?\\s*\\)`, 'g'), ')') : lean
}

/** A schema that stands alone in a pipe, as those do that had a description beside them. */
export function withoutLonePipes(source: string): string {
  const cuts: [from: number, to: number][] = []
  const visitor = new Visitor({
    CallExpression({ start, end, callee, arguments: [first, second] }) {
      if (source.slice(callee.start, callee.end) !== 'v.pipe' || !first || second) return
      cuts.push([start, first.start], [first.end, end])
    },
  })
  visitor.visit(parseSync('schema.ts', source).program)
  cuts.sort(([a], [b]) => b - a)
  return cuts.reduce((lean, [from, to]) => lean.slice(0, from) + lean.slice(to), source)
}

const bounds: { readonly [name: string]: unknown } = limits
const numberOf = (bound = ''): string | undefined =>
  typeof bounds[bound] === 'number' ? String(bounds[bound]) : undefined

/** Of the table of limits, the numbers that are named alone. */
export function withoutLimits(source: string): string {
  const imported = /import \{ limits(?: as (\w+))? \} from/.exec(source)
  if (!imported) return source
  const table = imported[1] ?? 'limits'
  return source
    .replace(new RegExp(`\\b${table}\\.(\\w+)\\b(?!')`, 'g'), (whole, bound: string) => numberOf(bound) ?? whole)
    .replace(new RegExp(`\\{([^{}]*)\\} = ${table}$`, 'gm'), (_, names: string) => {
      const named = [...names.matchAll(/(\w+)(?:: \w+)?(?:,|\s*$)/g)].map(([, bound]) => `${bound}: ${numberOf(bound)}`)
      return `{${names}} = { ${named.join(', ')} }`
    })
}

/** How a sentence of the checks begins. */
export const opening =
  /^(?:must |is missing|has (?:a|no|budget)|is (?:not|the|a name|more|an amount|below|never shown)|never applies|begins and|can never|names |count units|gives |cannot stand|picks lines|limits codes|changes nothing|reads like|and ")/

const sentence = new RegExp(`${literal}|\`(?:[^\`\\\\]|\\\\.)*\``, 'g')
const computed = /\$\{((?:[^{}`]|\{[^{}]*\})*)\}/g

/**
 * Sentences that the page has words for in every language (`messages` of its texts) are never read there: in their
 * place stands the number of their words, with what fills them: `#16\t100` (read by `messageText`).
 */
export const withoutSentences =
  (patterns: readonly string[]) =>
  (source: string): string => {
    const known = patterns.map((pattern) => new RegExp(`^${pattern}$`))
    return source.replace(sentence, (whole) => {
      const written = whole.slice(1, -1).replace(/\\(['"`])/g, '$1')
      if (!opening.test(written)) return whole
      const parts: string[] = []
      const text = written.replace(computed, (_, part: string) => {
        if (/^[\d_]+$/.test(part)) return String(Number(part.replaceAll('_', '')))
        return `70${parts.push(part) - 1}07`
      })
      const index = known.findIndex((pattern) => pattern.test(text))
      if (index < 0) return whole
      const [, ...fills] = known[index]?.exec(text) ?? []
      const filled = fills.map((fill) => `\t${fill.replace(/70(\d)07/g, (_, n: string) => `\${${parts[Number(n)]}}`)}`)
      return `\`#${index}${filled.join('')}\``
    })
  }

/** What conditions are as rules of lib/rules, which the page leaves out (editor/preview-set.ts). */
export function withoutRules(source: string): string {
  const found: { start: number; end: number }[] = []
  const visitor = new Visitor({
    Property(node) {
      const isFunction = node.value.type === 'ArrowFunctionExpression' || node.value.type === 'FunctionExpression'
      if (isFunction && node.key.type === 'Identifier' && node.key.name === 'rule') found.push(node)
    },
  })
  visitor.visit(parseSync('condition.ts', source).program)
  return found.reduceRight(
    (lean, { start, end }) => lean.slice(0, start) + lean.slice(end).replace(/^\s*,/, ''),
    source,
  )
}

/** What would be a fault of ours is asserted where orders are decided. */
export const withoutAssertions = (source: string): string => source.replace(/^ *assert\(.*\)$/gm, '')

/**
 * Short cuts: the statement under a comment that begins with "Short cut" decides nothing, and is there for checkout's
 * speed alone. What an `if` shortens follows it, or is its `else`.
 */
export function withoutShortCuts(source: string): string {
  const found: { start: number; end: number; instead: string }[] = []
  const look = ({ start, end }: { start: number; end: number }, instead = ''): void => {
    if (/\/\/ Short cut[^\n]*\n\s*$/.test(source.slice(0, start))) found.push({ start, end, instead })
  }
  const visitor = new Visitor({
    IfStatement: (node) => look(node, node.alternate ? source.slice(node.alternate.start, node.alternate.end) : ''),
    VariableDeclaration: (node) => look(node),
    ExpressionStatement: (node) => look(node),
  })
  visitor.visit(parseSync('module.ts', source).program)
  found.sort((a, b) => b.start - a.start)
  return found.reduce((lean, { start, end, instead }) => lean.slice(0, start) + instead + lean.slice(end), source)
}
