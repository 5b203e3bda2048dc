// The list of checks behind .ci/run: a check is a command; exit code 0 is passed, 77 is skipped (its last line says
// why), anything else failed.
import { spawnSync } from 'node:child_process'

const npm = (...args) => ['npm', ['run', '--silent', ...args]]

const checks = [
  { name: 'npm test', command: ['npm', ['test', '--silent']] },
  { name: '100,000 simulated schedules', command: npm('sim', '--', '--count', '100000') },
  { name: '300 times kill -9, and 5 of the whole shop', command: npm('crash') },
  { name: 'the story (npm run demo)', command: npm('demo') },
  { name: 'the admin page in a browser', command: npm('test:browser') },
  { name: 'AWS adapters on emulators', command: npm('test:aws') },
  { name: 'npm start in an empty folder', command: npm('test:fresh') },
  { name: 'the template of stage prod (cfn-lint)', command: npm('lint:template') },
  { name: 'the template on an emulator of AWS, the story through it', command: npm('localstack:all') },
]

const skipped = 77
const tally = { passed: 0, failed: 0 }
const notes = []

for (const {
  name,
  command: [program, args],
} of checks) {
  const started = Date.now()
  console.log(`\n=== ${name}`)
  const { status, stdout } = spawnSync(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    shell: process.platform === 'win32',
  })
  process.stdout.write(stdout ?? '')
  const seconds = ((Date.now() - started) / 1000).toFixed(0)
  if (status === 0) {
    tally.passed++
    notes.push(`passed   ${name} (${seconds} s)`)
  } else if (status === skipped) {
    notes.push(`skipped  ${name}: ${(stdout ?? '').trim().split('\n').at(-1)}`)
  } else {
    tally.failed++
    notes.push(`FAILED   ${name} (${seconds} s, exit code ${status})`)
  }
}

console.log(`\n${notes.join('\n')}`)
console.log(`${tally.passed} passed, ${tally.failed} failed`)
process.exit(tally.failed === 0 ? 0 : 1)
