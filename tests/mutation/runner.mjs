// Runs the tests of lib/rules for Stryker: all in its own process, each mutant in code that is evaluated afresh with it on,
// what found others of its file first, and no further than to the first test that fails.
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner'
import fc from 'fast-check'
import { bundle } from './bundles.mjs'
import { collector, failureOf, late } from './harness.mjs'

const folder = 'tests/rules'
// Bundles for browsers and programs of the docs: slow, and of what the others see as well.
const without = /^(browser|docs)\./
/** In the sandbox. */
const memory = '.mutation-tests.json'
const cpuNow = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
// Milliseconds that tests may take with a mutant: so many more than without, and so many times what they take without. By
// the clock far more, since others may have the processor.
const leastCpu = 3_000
const timesCpu = 3
const leastWall = 10_000
const timesWall = 30
/** With `--quick`, tests that take longer are left out: more mutants survive than should, none fewer. */
const mostCpu = process.env.KRAM_MUTATION_QUICK ? 40 : Number.POSITIVE_INFINITY

/** Where those are noted that no test notices, as they are met. */
const survivors = process.env.KRAM_MUTATION_SURVIVORS

const textOf = ({ fileName, location: { start }, mutatorName, replacement }) =>
  `${basename(fileName)}:${start.line + 1}:${start.column + 1} ${mutatorName}: ${replacement.replace(/\s+/g, ' ')}`

class Runner {
  /** By file: how to evaluate it. */
  #files = new Map()
  /** By id: {file, name, cpu, load}. */
  #tests = new Map()
  /** By source file, then by id: how many mutants the test found. */
  #found = new Map()

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init() {
    process.env.KRAM_PROPERTY_RUNS ??= '25'
    // Whether a property fails is enough.
    fc.configureGlobal({ endOnFailure: true })
  }

  async #read(counting) {
    for (const name of readdirSync(folder)) {
      if (!name.endsWith('.test.ts') || without.test(name)) continue
      this.#files.set(name, await bundle(`${folder}/${name}`, { counting }))
    }
    if (!counting) this.#tests = new Map(JSON.parse(readFileSync(memory, 'utf8')))
  }

  async dryRun() {
    await this.#read(true)
    const perTest = {}
    const results = []
    for (const [file, evaluate] of this.#files) {
      let counts = {}
      const covered = (...mutants) => {
        for (const mutant of mutants) counts[mutant] = (counts[mutant] ?? 0) + 1
      }
      const { tests, vitest } = collector()
      const start = cpuNow()
      evaluate({ on: -1, reached: () => false, covered, vitest })
      const load = cpuNow() - start
      // What a file does when it is evaluated, it does for each of its tests.
      const loading = counts
      for (const [name, body] of tests) {
        counts = { ...loading }
        const id = `${file} > ${name}`
        const begun = cpuNow()
        const failureMessage = await failureOf(body)
        const cpu = cpuNow() - begun
        perTest[id] = counts
        this.#tests.set(id, { file, name, cpu, load })
        const status = failureMessage === undefined ? TestStatus.Success : TestStatus.Failed
        const fileName = `${process.cwd()}/${folder}/${file}`
        results.push({ id, name: id, timeSpentMs: cpu, fileName, status, failureMessage })
      }
    }
    writeFileSync(memory, JSON.stringify([...this.#tests]))
    await this.#read(false)
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage: { static: {}, perTest } }
  }

  #inOrder(ids, found) {
    const costOf = (id) => {
      const { cpu, load } = this.#tests.get(id)
      return (cpu + load / 4) / (1 + 20 * (found.get(id) ?? 0))
    }
    return ids
      .filter((id) => this.#tests.get(id).cpu <= mostCpu)
      .map((id) => ({ id, cost: costOf(id) }))
      .sort((a, b) => a.cost - b.cost)
      .map(({ id }) => id)
  }

  async mutantRun({ activeMutant, testFilter, sandboxFileName, hitLimit = 1e9 }) {
    // Another process may have made the dry run.
    if (this.#files.size === 0) await this.#read(false)
    const found = this.#found.get(sandboxFileName) ?? new Map()
    this.#found.set(sandboxFileName, found)
    let hits = 0
    const reached = () => {
      if (++hits > hitLimit) throw new Error(`reached ${hits} times`)
      return true
    }
    const evaluated = new Map()
    const testsOf = (file) => {
      const { tests, vitest } = collector()
      this.#files.get(file)({ on: Number(activeMutant.id), reached, covered: () => {}, vitest })
      evaluated.set(file, tests)
      return tests
    }
    const start = cpuNow()
    let allowed = leastCpu
    let nrOfTests = 0
    for (const id of this.#inOrder(testFilter ?? [...this.#tests.keys()], found)) {
      const { file, name, cpu, load } = this.#tests.get(id)
      nrOfTests++
      allowed += (cpu + load) * timesCpu
      const failureMessage = await failureOf(
        () => {
          const body = (evaluated.get(file) ?? testsOf(file)).get(name)
          if (body === undefined) throw new Error('the file has no such test any more')
          return body()
        },
        leastWall + (cpu + load) * timesWall,
      )
      const isLate = failureMessage === late || hits > hitLimit || cpuNow() - start > allowed
      if (failureMessage === undefined && !isLate) continue
      found.set(id, (found.get(id) ?? 0) + 1)
      if (isLate) return { status: MutantRunStatus.Timeout, reason: id }
      return { status: MutantRunStatus.Killed, killedBy: [id], failureMessage, nrOfTests }
    }
    appendFileSync(survivors, `${textOf(activeMutant)}\n`)
    return { status: MutantRunStatus.Survived, nrOfTests }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'rules', Runner)]
