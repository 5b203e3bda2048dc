// `npm run demo`: plays the first shop's story on a throw-away shop. Exit code 0 when everything was as it should be.
// The functions' log lines would drown the story.
import { silenceLogs } from '../lib/lambda/log.ts'

silenceLogs()
const { demo } = await import('../lib/cli/demo.ts')
process.exitCode = await demo()
