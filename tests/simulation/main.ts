// `npm run sim`: schedules until somebody stops it, or `--count` of them, from seed `--from` on, on every core; the first
// broken promise ends it with its seed. `--seed N --trace` shows one schedule step by step. `--bugs` finds planted bugs.
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import { allBugs } from './bugs/all.ts'
import { bugSeeds, findBug } from './find-bug.ts'
import { simulate } from './simulate.ts'

type Options = {
  seed?: number
  trace?: true
  from?: number
  count?: number
  bugs?: true
  bug?: string
  step?: number
}

function whole(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

const values = new Command('npm run sim --')
  .description('Runs schedules of the simulated shop on every core, and ends with the first promise that is broken.')
  .option('--count <n>', 'so many schedules (default: until Ctrl-C)', whole)
  .option('--from <seed>', 'the first seed (default: 1 with --count, else by the clock)', whole)
  .option('--seed <n>', 'this schedule alone', whole)
  .option('--trace', 'with --seed: shows it step by step')
  .option('--bug <name>', 'with a planted bug of tests/simulation/bugs')
  .option('--bugs', 'tells at which seed each planted bug is found')
  .addOption(new Option('--step <n>', "one core's share: every nth seed").argParser(whole).hideHelp())
  .parse()
  .opts<Options>()

const seconds = (used: NodeJS.CpuUsage): number => (used.user + used.system) / 1e6

/** Planted into every schedule, to see what finding one is like. */
const planted = allBugs.find(({ name }) => name === values.bug)
if (values.bug !== undefined && !planted) {
  console.error(`There is no planted bug "${values.bug}"; --bugs names them all.`)
  process.exit(1)
}
const withBug = planted && { bug: planted }

/** What shows the schedule again, step by step. */
const lineFor = (seed: number): string =>
  `npm run sim -- --seed ${seed} --trace${planted ? ` --bug '${planted.name}'` : ''}`

async function one(seed: number): Promise<void> {
  const trace: string[] = []
  const { violation, steps } = await simulate({ seed, trace, ...withBug })
  if (values.trace) console.log(trace.join('\n'))
  console.log(
    violation === undefined ? `seed ${seed}: ${steps} steps, every promise kept` : `seed ${seed}: ${violation}`,
  )
  if (violation !== undefined) process.exitCode = 1
}

/** One core's share: every `step`th seed. */
async function share(from: number, until: number, step: number): Promise<void> {
  const begun = process.cpuUsage()
  let done = 0
  for (let seed = from; seed < until; seed += step) {
    const { violation } = await simulate({ seed, ...withBug })
    if (violation !== undefined) {
      console.log(`seed ${seed}: ${violation}\n${lineFor(seed)}`)
      process.exitCode = 1
      break
    }
    done++
    if (done % 1_000 === 0) process.send?.(1_000)
  }
  process.send?.(done % 1_000)
  const rate = done / seconds(process.cpuUsage(begun))
  if (done > 0) console.log(`${done} schedules, ${rate.toFixed(0)} a second of one core's time`)
}

/** All cores; the first that finds something ends the others. */
async function soak(from: number, until: number): Promise<void> {
  const cores = availableParallelism()
  console.log(
    `seeds ${from} to ${until === Number.POSITIVE_INFINITY ? '... (Ctrl-C ends it)' : until - 1}, on ${cores} cores`,
  )
  let done = 0
  const children = Array.from({ length: cores }, (_, i) => {
    const args = ['--from', String(from + i), '--step', String(cores)]
    if (until < Number.POSITIVE_INFINITY) args.push('--count', String(Math.max(0, until - from - i)))
    if (planted) args.push('--bug', planted.name)
    // One thread each: there are as many processes as cores, and what threads of V8 do at the side costs more than it
    // saves. Most of what a schedule makes is dead when it ends, so that a large nursery seldom has to be cleared.
    const execArgv = [...process.execArgv, '--single-threaded', '--min-semi-space-size=16', '--max-semi-space-size=64']
    return fork(fileURLToPath(import.meta.url), args, { execArgv })
  })
  await Promise.all(
    children.map(
      (child) =>
        new Promise<void>((resolve) => {
          child.on('message', (more: number) => {
            done += more
            if (done % 10_000 === 0) console.log(`${done} schedules, every promise kept`)
          })
          child.on('exit', (code) => {
            if (code !== 0) {
              process.exitCode = 1
              for (const other of children) other.kill()
            }
            resolve()
          })
        }),
    ),
  )
  if (process.exitCode === undefined) console.log(`${done} schedules, every promise kept`)
}

/** As the table of docs/simulation.md. */
async function bugs(): Promise<void> {
  console.log('| planted bug | found at seed | by |\n| --- | --- | --- |')
  for (const bug of allBugs) {
    const found = await findBug(bug)
    if (!found) process.exitCode = 1
    const by = found?.violation.split('\n')[0]?.slice(0, 100).replaceAll('|', '\\|')
    console.log(found ? `| ${bug.name} | ${found.seed} | ${by} |` : `| ${bug.name} | not within ${bugSeeds} | |`)
  }
}

const from = values.from ?? (values.count === undefined ? Date.now() % 2 ** 31 : 1)
const until = values.count === undefined ? Number.POSITIVE_INFINITY : from + values.count
if (values.seed !== undefined) await one(values.seed)
else if (values.bugs) await bugs()
else if (values.step !== undefined) await share(from, until, values.step)
else await soak(from, until)
