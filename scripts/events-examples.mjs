// `npm run events:examples`: writes events/examples/<type>.json and the table in docs/events.md from the definitions.
// A test says when it is due.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { catalog } from '../events/catalog.ts'
import { exampleText, withTypeTable } from '../events/examples.ts'

const folder = fileURLToPath(new URL('../events/examples/', import.meta.url))
mkdirSync(folder, { recursive: true })
for (const name of readdirSync(folder)) rmSync(`${folder}${name}`)
for (const definition of Object.values(catalog)) {
  writeFileSync(`${folder}${definition.type}.json`, exampleText(definition))
  console.log(`events/examples/${definition.type}.json`)
}
const page = fileURLToPath(new URL('../docs/events.md', import.meta.url))
writeFileSync(page, withTypeTable(readFileSync(page, 'utf8'), Object.values(catalog)))
console.log('docs/events.md')
