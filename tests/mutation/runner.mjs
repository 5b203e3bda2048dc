// Runs the tests of lib/rules for Stryker: all in its own process, what found other mutants of
// the file first, and no further than to the first test that fails, which must fail in code evaluated afresh as well.
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner'
import fc from 'fast-check'
import { bundle } from './bundles.mjs'
import { collector, failureOf, late } from './harness.mjs'
import { isInSample } from './sample.mjs'

const folder = 'tests/rules'
// Bundles for browsers and programs of the docs: slow, and of what the others see as well.
const without = /^(browser|docs)\./
// Their rule bases remember facts from one test to the next.
const withMemory = new Set(['shops.test.ts'])
/** No mutant is on. */
const none = -1
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
const mostTogether = 32
const mostMutants = 2 ** 14
/** With `--quick`, no more tests are begun for a mutant after so long: more survive than should, none fewer. */
const mostCpu = Number(process.env.KRAM_MUTATION_QUICK ?? Number.POSITIVE_INFINITY)

/** With `--sample=<n>`, one of so many mutants is tried. */
const sample = Number(process.env.KRAM_MUTATION_SAMPLE ?? 1)

/** Where those are noted that no test notices, as they are met. */
const survivors = process.env.KRAM_MUTATION_SURVIVORS

const textOf = ({ fileName, location: { start }, mutatorName, replacement }) =>
  `${basename(fileName)}:${start.line + 1}:${start.column + 1} ${mutatorName}: ${replacement.replace(/\s+/g, ' ')}`

class Runner {
  /** By file: how to evaluate it. */
  #files = new Map()
  /** By id: {file, name, cpu, load}. */
  #tests = new Map()
  /** By file: the mutants that its evaluation reaches, before any test. */
  #reachedByLoading = new Map()
  /** By source file, then by id: how many mutants the test found. */
  #found = new Map()
  /** By file: its tests, evaluated without a mutant and used for many, so that their code is compiled well. */
  #shared = new Map()
  /** Milliseconds that the evaluation of shared tests took while the mutant at hand was tried. */
  #sharing = 0
  #mutants = { on: none, reached: () => true }

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
    if (counting) return
    // Another process may have made the dry run.
    const { tests, loading } = JSON.parse(readFileSync(memory, 'utf8'))
    this.#tests = new Map(tests)
    this.#reachedByLoading = new Map(loading.map(([file, ids]) => [file, new Set(ids)]))
  }

  async dryRun() {
    await this.#read(true)
    const perTest = {}
    const results = []
    const tests = []
    const loading = []
    for (const [file, evaluate] of this.#files) {
      const counts = new Int32Array(mostMutants)
      const start = cpuNow()
      const bodies = testsIn(evaluate, { on: none, reached: () => false, counts })
      const load = cpuNow() - start
      // What a file does when it is evaluated, it does for each of its tests.
      const ofLoading = counts.slice()
      loading.push([file, Object.keys(countedIn(ofLoading)).map(Number)])
      for (const [name, body] of bodies) {
        counts.set(ofLoading)
        const id = `${file} > ${name}`
        const begun = cpuNow()
        const failureMessage = failureOf(body)
        const cpu = cpuNow() - begun
        perTest[id] = countedIn(counts)
        tests.push([id, { file, name, cpu, load }])
        const status = failureMessage === undefined ? TestStatus.Success : TestStatus.Failed
        const fileName = `${process.cwd()}/${folder}/${file}`
        results.push({ id, name: id, timeSpentMs: cpu, fileName, status, failureMessage })
      }
    }
    writeFileSync(memory, JSON.stringify({ tests, loading }))
    await this.#read(false)
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage: { static: {}, perTest } }
  }

  // The cheapest first, those that found much before all, and of no file many in a row: they are much alike.
  #inOrder(ids, mutant, found) {
    const costOf = (id) => {
      const { file, cpu, load } = this.#tests.get(id)
      return (cpu + (this.#isShared(file, mutant) ? 0 : load)) / (1 + 20 * (found.get(id) ?? 0))
    }
    const ranks = new Map()
    const rankOf = (id) => {
      const { file } = this.#tests.get(id)
      ranks.set(file, (ranks.get(file) ?? 0) + 1)
      return ranks.get(file)
    }
    const byCost = (a, b) => a.cost - b.cost
    return ids
      .map((id) => ({ id, cost: costOf(id) }))
      .sort(byCost)
      .map(({ id, cost }) => ({ id, cost: cost * rankOf(id) }))
      .sort(byCost)
      .map(({ id }) => id)
  }

  async mutantRun({ activeMutant, testFilter, sandboxFileName, hitLimit = 1e9 }) {
    if (!isInSample(activeMutant.id, sample)) {
      return { status: MutantRunStatus.Error, errorMessage: 'not in the sample' }
    }
    if (this.#files.size === 0) await this.#read(false)
    const found = this.#found.get(sandboxFileName) ?? new Map()
    this.#found.set(sandboxFileName, found)
    const attempt = new Attempt(Number(activeMutant.id), hitLimit, this.#files)
    const start = cpuNow()
    this.#sharing = 0
    let allowed = leastCpu
    let nrOfTests = 0
    for (const batch of batchesOf(this.#inOrder(testFilter ?? [...this.#tests.keys()], attempt.mutant, found))) {
      if (cpuNow() - start - this.#sharing - attempt.evaluating > mostCpu) break
      const tests = batch.map((id) => this.#tests.get(id))
      for (let from = 0; from < tests.length; ) {
        const { at, failureMessage } = this.#firstFailure(tests, from, attempt)
        for (const { cpu, load } of tests.slice(from, at + 1)) allowed += (cpu + load) * timesCpu
        nrOfTests += at + 1 - from
        from = at + 1
        const id = batch[Math.min(at, batch.length - 1)]
        const isLate = failureMessage === late || attempt.isOver || cpuNow() - start > allowed
        if (failureMessage === undefined && !isLate) continue
        if (!isLate && !attempt.isFresh(tests[at].file)) {
          // Nothing that others left behind may have made it fail.
          const again = failureOf(() => attempt.run(tests[at]), wallOf([tests[at]]))
          if (again === undefined) {
            this.#shared.delete(tests[at].file)
            continue
          }
        }
        found.set(id, (found.get(id) ?? 0) + 1)
        if (!isLate) return { status: MutantRunStatus.Killed, killedBy: [id], failureMessage, nrOfTests }
        this.#shared.clear()
        return { status: MutantRunStatus.Timeout, reason: id }
      }
    }
    appendFileSync(survivors, `${textOf(activeMutant)}\n`)
    return { status: MutantRunStatus.Survived, nrOfTests }
  }

  // `at`: the test that failed, or as many as there are.
  #firstFailure(tests, from, attempt) {
    let at = from
    const failureMessage = failureOf(
      () => {
        for (; at < tests.length; at++) this.#run(tests[at], attempt)
      },
      wallOf(tests.slice(from)),
    )
    this.#mutants.on = none
    return { at, failureMessage }
  }

  #isShared(file, mutant) {
    return !withMemory.has(file) && !this.#reachedByLoading.get(file).has(mutant)
  }

  // With the mutant on in the tests that others use too, unless it shows when these are evaluated.
  #run(test, attempt) {
    const { file, name } = test
    if (!this.#isShared(file, attempt.mutant)) {
      attempt.run(test)
      return
    }
    if (!this.#shared.has(file)) {
      this.#mutants.on = none
      const start = cpuNow()
      this.#shared.set(file, testsIn(this.#files.get(file), this.#mutants))
      this.#sharing += cpuNow() - start
    }
    this.#mutants.on = attempt.mutant
    this.#mutants.reached = attempt.reached
    this.#shared.get(file).get(name)()
  }
}

/** One, two, four and so on together, since to watch over a call takes longer than most tests. */
function batchesOf(ids) {
  const batches = []
  for (let from = 0, size = 1; from < ids.length; from += size, size = Math.min(size * 2, mostTogether)) {
    batches.push(ids.slice(from, from + size))
  }
  return batches
}

function countedIn(counts) {
  const counted = {}
  counts.forEach((count, mutant) => {
    if (count > 0) counted[mutant] = count
  })
  return counted
}

function testsIn(evaluate, mutants) {
  const { tests, vitest } = collector()
  evaluate(mutants, vitest)
  return tests
}

const wallOf = (tests) => tests.reduce((sum, { cpu, load }) => sum + (cpu + load) * timesWall, leastWall)

/** One mutant, in files that are evaluated with it. */
class Attempt {
  mutant
  /** Milliseconds. */
  evaluating = 0
  #files
  #evaluated = new Map()
  #hits = 0
  #hitLimit

  constructor(mutant, hitLimit, files) {
    this.mutant = mutant
    this.#hitLimit = hitLimit
    this.#files = files
  }

  reached = () => {
    if (++this.#hits > this.#hitLimit) throw new Error(`reached ${this.#hits} times`)
    return true
  }

  get isOver() {
    return this.#hits > this.#hitLimit
  }

  isFresh(file) {
    return this.#evaluated.has(file)
  }

  run({ file, name }) {
    if (!this.#evaluated.has(file)) {
      const start = cpuNow()
      this.#evaluated.set(file, testsIn(this.#files.get(file), { on: this.mutant, reached: this.reached }))
      this.evaluating += cpuNow() - start
    }
    const body = this.#evaluated.get(file).get(name)
    if (body === undefined) throw new Error('the file has no such test any more')
    body()
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'rules', Runner)]
