// `npm run events:examples`: writes events/examples/<type>.json from the definitions; a test says when it is due.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { catalog } from '../events/catalog.ts'
import { exampleText } from '../events/examples.ts'

const folder = fileURLToPath(new URL('../events/examples/', import.meta.url))
mkdirSync(folder, { recursive: true })
for (const name of readdirSync(folder)) rmSync(`${folder}${name}`)
for (const definition of Object.values(catalog)) {
  writeFileSync(`${folder}${definition.type}.json`, exampleText(definition))
  console.log(`events/examples/${definition.type}.json`)
}
