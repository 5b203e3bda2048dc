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

/** More sums of different expressions than any rule base has: rules times conditions. */
const maxMeasures = 2 ** 21

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

  private readonly typeNumbers = new Map<string, number>()
  /** By type, then by path: the steps of a path joined, where there is but one that is the attribute's name. */
  private readonly pathNumbers: Map<string, number>[] = []
  private readonly pairs: Map<Scalar, number>[] = []
  /** Tests that are no equality, by type and key: negative, where pairs are not. */
  private readonly testNumbers = new Map<string, number>()
  /** By the number of its only test, or by those of all. */
  private readonly selectionNumbers = new Map<number | string, number>()
  private readonly measureNumbers = new Map<string, number>([['', 0]])
  /** Selection * measures + measure. */
  private readonly slotNumbers = new Map<number, number>()
  private readonly isVolatile: (type: string, steps: Steps) => boolean

  /** `isVolatile`: whether an attribute may differ between facts that a memo takes for one. */
  constructor(isVolatile: (type: string, steps: Steps) => boolean) {
    this.isVolatile = isVolatile
  }

  slotOf = (type: string, tests: readonly TestIr[], measure: ExpressionIr | undefined): number => {
    const selection = this.selectionOf(type, tests)
    const measureNumber = measure === undefined ? 0 : this.measureOf(measure)
    const key = selection * maxMeasures + measureNumber
    const known = this.slotNumbers.get(key)
    if (known !== undefined) return known
    this.slotSelection.push(selection)
    const slot = this.slotMeasure.push(measureNumber)
    this.slotNumbers.set(key, slot)
    return slot
  }

  private typeOf(type: string): number {
    const known = this.typeNumbers.get(type)
    if (known !== undefined) return known
    this.typeNumbers.set(type, this.types.length)
    this.pathNumbers.push(new Map())
    return this.types.push(type) - 1
  }

  private measureOf(measure: ExpressionIr): number {
    const key = expressionKey(measure)
    const known = this.measureNumbers.get(key)
    if (known !== undefined) return known
    this.measureNumbers.set(key, this.measures.length)
    return this.measures.push(measure) - 1
  }

  // Equal whatever the order of the tests. Their numbers are of one type, so that they tell it.
  private selectionOf(type: string, tests: readonly TestIr[]): number {
    const typeNumber = this.typeOf(type)
    const parts = flatten(tests)
    const numbers = parts.map((test) => this.testNumber(typeNumber, test))
    const key = numbers.length === 1 ? (numbers[0] as number) : `${typeNumber}:${numbers.toSorted(byNumber).join()}`
    const known = this.selectionNumbers.get(key)
    if (known !== undefined) return known
    this.selectionNumbers.set(key, this.list.length)
    return this.list.push(this.newSelection(type, typeNumber, parts, numbers)) - 1
  }

  private testNumber(type: number, test: TestIr): number {
    const equality = equalityOf(test)
    if (equality !== undefined) return this.pairOf(type, equality.steps, equality.value)
    const key = `${type}${testKey(test)}`
    const known = this.testNumbers.get(key)
    if (known !== undefined) return known
    const number = -1 - this.testNumbers.size
    this.testNumbers.set(key, number)
    return number
  }

  private newSelection(
    type: string,
    typeNumber: number,
    tests: readonly TestIr[],
    numbers: readonly number[],
  ): Selection {
    const equals: [number, number][] = []
    const stable: { test: TestIr; pairs: number[] | undefined }[] = []
    const volatile: TestIr[] = []
    tests.forEach((test, i) => {
      const number = numbers[i] as number
      // Said twice.
      if (numbers.indexOf(number) < i) return
      if (this.testIsVolatile(type, test)) volatile.push(bare(test))
      else if (number >= 0) equals.push([this.pairPath.at(number), number])
      else stable.push({ test: bare(test), pairs: this.pairsOf(typeNumber, test) })
    })
    return { type: typeNumber, equals, stable, volatile }
  }

  private pairOf(type: number, steps: Steps, value: Scalar): number {
    const path = this.pathOf(type, steps)
    const pairs = this.pairs[path] as Map<Scalar, number>
    const known = pairs.get(value)
    if (known !== undefined) return known
    const pair = this.pairPath.push(path)
    pairs.set(value, pair)
    this.pathValues[path]?.push(value)
    return pair
  }

  private pathOf(type: number, steps: Steps): number {
    const numbers = this.pathNumbers[type] as Map<string, number>
    // A name may look like the text of a list; that is then told apart by what comes before it.
    const key = steps.length === 1 ? `.${steps[0]}` : JSON.stringify(steps)
    const known = numbers.get(key)
    if (known !== undefined) return known
    const path = this.pathType.push(type)
    numbers.set(key, path)
    this.pathSteps.push(steps)
    this.pathValues.push([])
    this.pairs.push(new Map())
    return path
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
    if (equality !== undefined) return [this.pairOf(type, equality.steps, equality.value)]
    if (test.op !== 'compare' || test.operator !== 'in' || test.left.op !== 'path') return undefined
    const { steps } = test.left
    if (test.right.op !== 'const') return undefined
    return (test.right.value as Scalar[]).map((value) => this.pairOf(type, steps, value))
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

const byNumber = (a: number, b: number): number => a - b

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
