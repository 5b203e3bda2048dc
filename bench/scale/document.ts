// docs/scale.md with its tables as the model makes them now.
import { readFileSync } from 'node:fs'
import inputs from './inputs.json' with { type: 'json' }
import { measure } from './measure.ts'
import { scaleTables } from './model.ts'

export const scaleFile = new URL('../../docs/scale.md', import.meta.url)

/** @throws Error when the page has not the place of every table */
export async function scaleDocument(): Promise<string> {
  let text = readFileSync(scaleFile, 'utf8')
  for (const [place, table] of Object.entries(scaleTables(await measure(inputs.workload.lines_of_an_order)))) {
    const [open, close] = [`<!-- scale:${place} -->`, `<!-- /scale:${place} -->`]
    const [from, to] = [text.indexOf(open), text.indexOf(close)]
    if (from < 0 || to < from) throw new Error(`docs/scale.md has no ${open} ... ${close}`)
    text = `${text.slice(0, from + open.length)}\n\n${table}\n\n${text.slice(to)}`
  }
  return text
}
