// Interns what rules select: each distinct selection, slot and pair (attribute, value) is kept once, however many rules
// use it.
import type { ExpressionIr, TestIr } from './ir.ts'
import { IntList } from './lists.ts'
import type { Scalar } from './types.ts'
import type { Steps } from './values.ts'

export type Selection = {
  type: number
  /** Equalities as [path, pair], on attributes that a memo may remember. */
  equals: readonly (readonly [path: number, pair: number])[]
  /** Other tests, each with the pairs one of which a fact must have to pass it; undefined: cannot be told. */
  stable: readonly { test: TestIr; pairs: readonly number[] | undefined }[]
  /** Tests on attributes that a memo leaves out. */
  volatile: readonly TestIr[]
}

/** Numbers things by key, in order of first sight. */
export class Interner {
  private readonly numbers = new Map<string, number>()
  get size(): number {
    return this.numbers.size
  }
  /** The number, and whether it is new. */
  intern(key: string): { number: number; fresh: boolean } {
    const known = this.numbers.get(key)
    if (known !== undefined) return { number: known, fresh: false }
    this.numbers.set(key, this.numbers.size)
    return { number: this.numbers.size - 1, fresh: true }
  }
}

export class Selections {
  readonly types: string[] = []
  readonly pathType = new IntList()
  readonly pathSteps: Steps[] = []
  readonly pathValues: Scalar[][] = []
  /** Pair -> path. Pairs are numbered as they come; `renumber` sorts them by path. */
  readonly pairPath = new IntList()
  readonly list: Selection[] = []
  readonly measures: (ExpressionIr | null)[] = [null]
  readonly slotSelection = new IntList()
  readonly slotMeasure = new IntList()

  private readonly typeNumbers = new Interner()
  private readonly paths = new Interner()
  private readonly pairs: Map<Scalar, number>[] = []
  private readonly selections = new Interner()
  private readonly measureNumbers = new Interner()
  private readonly slots = new Interner()
  private readonly isVolatile: (type: string, steps: Steps) => boolean

  /** `isVolatile`: whether an attribute may differ between facts that a memo takes for one. */
  constructor(isVolatile: (type: string, steps: Steps) => boolean) {
    this.isVolatile = isVolatile
    this.measureNumbers.intern('')
  }

  slotOf(type: string, tests: readonly TestIr[], measure: ExpressionIr | undefined): number {
    const selection = this.selectionOf(type, tests)
    const measureNumber = measure === undefined ? 0 : this.measureOf(measure)
    const { number, fresh } = this.slots.intern(`${selection}/${measureNumber}`)
    if (fresh) {
      this.slotSelection.push(selection)
      this.slotMeasure.push(measureNumber)
    }
    return number
  }

  typeOf(type: string): number {
    const { number, fresh } = this.typeNumbers.intern(type)
    if (fresh) this.types.push(type)
    return number
  }

  private measureOf(measure: ExpressionIr): number {
    const { number, fresh } = this.measureNumbers.intern(expressionKey(measure))
    if (fresh) this.measures.push(measure)
    return number
  }

  private selectionOf(type: string, tests: readonly TestIr[]): number {
    const parts = flatten(tests)
    const keyed = parts.map((test) => ({ test, key: testKey(test) }))
    if (keyed.length > 1) keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    let key = JSON.stringify(type)
    for (const part of keyed) key += part.key
    const { number, fresh } = this.selections.intern(key)
    if (fresh) this.list.push(this.newSelection(type, keyed))
    return number
  }

  private newSelection(type: string, keyed: readonly { test: TestIr; key: string }[]): Selection {
    const typeNumber = this.typeOf(type)
    const equals: [number, number][] = []
    const stable: { test: TestIr; pairs: number[] | undefined }[] = []
    const volatile: TestIr[] = []
    keyed.forEach(({ test, key }, i) => {
      if (i > 0 && key === keyed[i - 1]?.key) return
      if (this.testIsVolatile(type, test)) volatile.push(bare(test))
      else {
        const equality = equalityOf(test)
        if (equality !== undefined) equals.push(this.pairOf(typeNumber, equality.steps, equality.value))
        else stable.push({ test: bare(test), pairs: this.pairsOf(typeNumber, test) })
      }
    })
    return { type: typeNumber, equals, stable, volatile }
  }

  private pairOf(type: number, steps: Steps, value: Scalar): [path: number, pair: number] {
    const { number: path, fresh } = this.paths.intern(`${type}${JSON.stringify(steps)}`)
    if (fresh) {
      this.pathType.push(type)
      this.pathSteps.push(steps)
      this.pathValues.push([])
      this.pairs.push(new Map())
    }
    const pairs = this.pairs[path] as Map<Scalar, number>
    const known = pairs.get(value)
    if (known !== undefined) return [path, known]
    const pair = this.pairPath.push(path)
    pairs.set(value, pair)
    this.pathValues[path]?.push(value)
    return [path, pair]
  }

  // A fact that passes the test has one of these pairs.
  private pairsOf(type: number, test: TestIr): number[] | undefined {
    if (test.op === 'any') {
      const parts = test.tests.map((part) => this.pairsOf(type, part))
      return parts.length > 0 && parts.every((pairs) => pairs !== undefined) ? parts.flat() : undefined
    }
    if (test.op === 'all') {
      return test.tests.map((part) => this.pairsOf(type, part)).find((pairs) => pairs !== undefined)
    }
    const equality = equalityOf(test)
    if (equality !== undefined) return [this.pairOf(type, equality.steps, equality.value)[1]]
    if (test.op !== 'compare' || test.operator !== 'in' || test.left.op !== 'path') return undefined
    const { steps } = test.left
    if (test.right.op !== 'const') return undefined
    return (test.right.value as Scalar[]).map((value) => this.pairOf(type, steps, value)[1])
  }

  private testIsVolatile(type: string, test: TestIr): boolean {
    return pathsOf(test).some((steps) => this.isVolatile(type, steps))
  }
}

function equalityOf(test: TestIr): { steps: Steps; value: Scalar } | undefined {
  if (test.op !== 'compare' || test.operator !== 'eq' || test.left.op !== 'path') return undefined
  if (test.right.op !== 'const' || (typeof test.right.value === 'object' && test.right.value !== null)) return undefined
  return { steps: test.left.steps, value: test.right.value as Scalar }
}

const flatten = (tests: readonly TestIr[]): readonly TestIr[] =>
  tests.some((test) => test.op === 'all')
    ? tests.flatMap((test) => (test.op === 'all' ? flatten(test.tests) : [test]))
    : tests

function pathsOf(test: TestIr): Steps[] {
  switch (test.op) {
    case 'compare':
      return [...expressionPaths(test.left), ...expressionPaths(test.right)]
    case 'predicate':
      return test.args.flatMap(expressionPaths)
    case 'not':
      return pathsOf(test.test)
    default:
      return test.tests.flatMap(pathsOf)
  }
}

function expressionPaths(expression: ExpressionIr): readonly Steps[] {
  if (expression.op === 'path') return [expression.steps]
  return expression.op === 'const' || expression.op === 'var' ? [] : expression.args.flatMap(expressionPaths)
}

// Without pointers, which differ between rules that select the same.
function bare(test: TestIr): TestIr {
  if (test.op === 'all' || test.op === 'any') return { ...test, pointer: '', tests: test.tests.map(bare) }
  return test.op === 'not' ? { ...test, pointer: '', test: bare(test.test) } : { ...test, pointer: '' }
}

/** Equal for tests that are the same, wherever they stand. */
function testKey(test: TestIr): string {
  switch (test.op) {
    case 'compare':
      return `(${test.operator} ${expressionKey(test.left)} ${expressionKey(test.right)})`
    case 'predicate':
      return `(predicate ${JSON.stringify(test.name)} ${test.args.map(expressionKey).join(' ')})`
    case 'not':
      return `(not ${testKey(test.test)})`
    default:
      return `(${test.op} ${test.tests.map(testKey).sort().join(' ')})`
  }
}

function expressionKey(expression: ExpressionIr): string {
  switch (expression.op) {
    case 'const':
      return JSON.stringify(expression.value)
    case 'path':
      return `@${JSON.stringify(expression.steps)}`
    case 'var':
      return `?${expression.variable}${JSON.stringify(expression.steps)}`
    case 'call':
      return `(call ${JSON.stringify(expression.name)} ${expression.args.map(expressionKey).join(' ')})`
    default:
      return `(${expression.op} ${expression.args.map(expressionKey).join(' ')})`
  }
}
