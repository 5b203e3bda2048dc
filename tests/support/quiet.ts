// Import it first: the functions' log lines are not what this test is about.
import { silenceLogs } from '../../lib/lambda/log.ts'

silenceLogs()
