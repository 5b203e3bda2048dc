// `npm run scale`: writes the tables of docs/scale.md anew, from bench/scale/inputs.json and from what the code asks for.
import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { scaleDocument, scaleFile } from './document.ts'

new Command('npm run scale --')
  .description('Writes the tables of docs/scale.md anew, from bench/scale/inputs.json and from what the code asks for.')
  .parse()
writeFileSync(scaleFile, await scaleDocument())
console.log('docs/scale.md is up to date')
