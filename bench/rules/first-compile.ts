// `node bench/rules/first-compile.ts <rules>`: milliseconds that compiling takes in a process that has compiled nothing yet, as
// an instance that starts without a stored rule base does.
import { compileRules } from '../../lib/rules/compile.ts'
import { generateShop } from './generate.ts'
import { options, ruleOf } from './kram.ts'

const written = generateShop(Number(process.argv[2])).promos.map(ruleOf)
const start = performance.now()
compileRules(written, options)
console.log(performance.now() - start)
