// A process that opens the embedded bus at the given path, says so, and keeps it. Argument: path.
import { openBus } from './embedded-bus.ts'

openBus(process.argv[2] ?? '')
console.log('open')
setInterval(() => {}, 1_000)
