// `npm run test:aws`: the AWS adapters' contract suites on real endpoints, then the race of orders for a limit. Starts
// emulators, runs, stops them. With AWS_ENDPOINT_URL set it takes that endpoint and starts nothing. What is missing is
// named; exit code 77 when nothing could run at all.
import { spawnSync } from 'node:child_process'
import { startDynamodbLocal, startMinistack } from './emulators.mjs'

const suites = {
  all: ['adapters/bus-eventbridge-endpoint', 'adapters/objects-s3-endpoint', 'adapters/table-dynamodb-endpoint'],
  table: ['adapters/table-dynamodb-endpoint'],
}
/** By itself, since it keeps an emulator so busy that others would wait in vain. */
const race = ['app/orders/limits-race']

const run = (files, env) => {
  const { status } = spawnSync('vitest', ['run', ...files.map((file) => `tests/${file}.test.ts`)], {
    env: { ...process.env, ...env },
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  return status === 0
}

const test = (files, env) => {
  const suitesPassed = run(files, env)
  return run(race, env) && suitesPassed
}

const given = process.env.AWS_ENDPOINT_URL
if (given) {
  console.log(`on ${given}, as AWS_ENDPOINT_URL says`)
  process.exit(test(suites.all, {}) ? 0 : 1)
}

const plans = [
  { name: 'ministack', start: startMinistack, files: suites.all, env: (url) => ({ AWS_ENDPOINT_URL: url }) },
  {
    name: 'DynamoDB Local',
    start: startDynamodbLocal,
    files: suites.table,
    env: (url) => ({ AWS_ENDPOINT_URL_DYNAMODB: url }),
  },
]

const missing = []
let failed = false
for (const { name, start, files, env } of plans) {
  const emulator = await start()
  if (emulator.missing) {
    missing.push(emulator.missing)
    continue
  }
  console.log(`on ${name}, ${emulator.url}`)
  try {
    if (!test(files, env(emulator.url))) failed = true
  } finally {
    await emulator.stop()
  }
}
for (const what of missing) console.log(`not tested, because this is missing: ${what}`)
process.exit(failed ? 1 : missing.length === plans.length ? 77 : 0)
