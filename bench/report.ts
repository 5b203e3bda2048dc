// Writes a benchmark's table into docs/performance.md, between `<!-- bench:<section> -->` and its closing marker.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'

const file = new URL('../docs/performance.md', import.meta.url)

/**
 * Replaces what stands between the section's markers by `markdown`, with a line that names the machine, of which `used` cores
 * had something to do.
 * @throws Error when docs/performance.md has no such markers
 */
export function writeTable(section: string, markdown: string, used = 'one core'): void {
  const open = `<!-- bench:${section} -->`
  const close = `<!-- /bench:${section} -->`
  const text = readFileSync(file, 'utf8')
  const from = text.indexOf(open)
  const to = text.indexOf(close)
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no ${open} ... ${close}`)
  const body = `\n\n${markdown.trim()}\n\n${machine(used)}\n\n`
  writeFileSync(file, text.slice(0, from + open.length) + body + text.slice(to))
}

const machine = (used: string): string =>
  `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus()[0]?.model.trim()}, ${used} used.`

/** A Markdown table; the first column is text, the others are aligned right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
