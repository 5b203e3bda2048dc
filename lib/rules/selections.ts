// Interns what rules select: each distinct selection, slot and pair (attribute, value) is kept once, however many rules
// use it.
import type { ExpressionIr, TestIr } from './ir.ts'
import { IntList, PairNumbers, sortFew } from './lists.ts'
import type { Scalar } from './types.ts'
import type { Steps } from './values.ts'

/** What a selection tests beside equality. */
export type MoreTests = {
  /** Each with the pairs one of which a fact must have to pass it; undefined: cannot be told. */
  stable: readonly { test: TestIr; pairs: readonly number[] | undefined }[]
  /** Tests on attributes that a memo leaves out. */
  volatile: readonly TestIr[]
}

const noMoreTests: MoreTests = { stable: [], volatile: [] }

export class Selections {
  readonly types: string[] = []
  readonly pathType = new IntList()
  readonly pathSteps: Steps[] = []
  readonly pathValues: Scalar[][] = []
  /** Pair -> path. Pairs are numbered as they come. */
  readonly pairPath = new IntList()
  /** Selection -> its type. */
  readonly type = new IntList()
  /** Selection -> the pairs of its equalities, on attributes that a memo may remember. */
  readonly equalStart = new IntList()
  readonly equalPair = new IntList()
  readonly measures: (ExpressionIr | null)[] = [null]
  readonly slotSelection = new IntList()
  readonly slotMeasure = new IntList()

  private readonly typeNumbers = new Map<string, number>()
  /** By type: attributes by name, and paths of several steps. */
  private readonly nameNumbers: Map<string, number>[] = []
  private readonly pathNumbers: Map<string, number>[] = []
  private readonly pairs: Map<Scalar, number>[] = []
  /** Tests that are no equality, by type and key: negative, where pairs are not. */
  private readonly testNumbers = new Map<string, number>()
  /** A tree: below each type lists of tests by number, ascending. */
  private readonly nodes = new PairNumbers()
  /** Node -> the selection of the tests on the way to it. */
  private readonly nodeSelection: number[] = []
  private readonly moreTests = new Map<number, MoreTests>()
  private readonly measureNumbers = new Map<string, number>()
  /** Selection and measure. */
  private readonly slotNumbers = new PairNumbers()
  private readonly isVolatile: (type: string, steps: Steps) => boolean

  /** `isVolatile`: whether an attribute may differ between facts that a memo takes for one. */
  constructor(isVolatile: (type: string, steps: Steps) => boolean) {
    this.isVolatile = isVolatile
    this.equalStart.push(0)
  }

  /** How many there are. */
  get count(): number {
    return this.type.length
  }

  moreOf(selection: number): MoreTests {
    return this.moreTests.get(selection) ?? noMoreTests
  }

  slotOf = (type: string, tests: readonly TestIr[], measure: ExpressionIr | undefined): number => {
    const selection = this.selectionOf(type, tests)
    const measureNumber = measure === undefined ? 0 : this.measureOf(measure)
    const slot = this.slotNumbers.numberOf(selection, measureNumber)
    if (slot === this.slotSelection.length) {
      this.slotSelection.push(selection)
      this.slotMeasure.push(measureNumber)
    }
    return slot
  }

  private typeOf(type: string): number {
    const known = this.typeNumbers.get(type)
    if (known !== undefined) return known
    this.typeNumbers.set(type, this.types.length)
    this.nameNumbers.push(new Map())
    this.pathNumbers.push(new Map())
    return this.types.push(type) - 1
  }

  private measureOf(measure: ExpressionIr): number {
    const key = JSON.stringify(measure)
    const known = this.measureNumbers.get(key)
    if (known !== undefined) return known
    this.measureNumbers.set(key, this.measures.length)
    return this.measures.push(measure) - 1
  }

  // Equal whatever the order of the tests, and how often each is said.
  private selectionOf(type: string, tests: readonly TestIr[]): number {
    const typeNumber = this.typeOf(type)
    const parts = flatten(tests)
    const numbers = parts.map((test) => this.testNumber(typeNumber, test))
    const ascending = numbers.slice()
    sortFew(ascending, ascending.length)
    // No node has a negative number.
    let node = this.nodes.numberOf(-1 - typeNumber, 0)
    ascending.forEach((number, i) => {
      if (number !== ascending[i - 1]) node = this.nodes.numberOf(node, number)
    })
    const selection = this.nodeSelection[node] ?? this.addSelection(typeNumber, parts, numbers)
    this.nodeSelection[node] = selection
    return selection
  }

  private testNumber(type: number, test: TestIr): number {
    if (isEquality(test)) return this.pairOf(type, test.left.steps, test.right.value)
    const key = `${type}${testKey(test)}`
    const known = this.testNumbers.get(key)
    if (known !== undefined) return known
    const number = -1 - this.testNumbers.size
    this.testNumbers.set(key, number)
    return number
  }

  private addSelection(type: number, tests: readonly TestIr[], numbers: readonly number[]): number {
    const stable: { test: TestIr; pairs: number[] | undefined }[] = []
    const volatile: TestIr[] = []
    tests.forEach((test, i) => {
      const number = numbers[i] as number
      // Said twice.
      if (numbers.indexOf(number) < i) return
      if (this.testIsVolatile(type, test)) volatile.push(bare(test))
      else if (number >= 0) this.equalPair.push(number)
      else stable.push({ test: bare(test), pairs: this.pairsOf(type, test) })
    })
    this.equalStart.push(this.equalPair.length)
    const selection = this.type.push(type)
    if (stable.length + volatile.length > 0) this.moreTests.set(selection, { stable, volatile })
    return selection
  }

  private pairOf(type: number, steps: Steps, value: Scalar): number {
    const path = this.pathOf(type, steps)
    const pairs = this.pairs[path] as Map<Scalar, number>
    const known = pairs.get(value)
    if (known !== undefined) return known
    const pair = this.pairPath.push(path)
    pairs.set(value, pair)
    const values = this.pathValues[path] as Scalar[]
    values.push(value)
    return pair
  }

  private pathOf(type: number, steps: Steps): number {
    const isName = steps.length === 1
    const numbers = (isName ? this.nameNumbers : this.pathNumbers)[type] as Map<string, number>
    const key = isName ? (steps[0] as string) : JSON.stringify(steps)
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
      return parts.every((pairs) => pairs !== undefined) ? parts.flat() : undefined
    }
    if (test.op === 'all') {
      return test.tests.map((part) => this.pairsOf(type, part)).find((pairs) => pairs !== undefined)
    }
    if (isEquality(test)) return [this.pairOf(type, test.left.steps, test.right.value)]
    if (test.op !== 'compare' || test.operator !== 'in' || test.left.op !== 'path') return undefined
    const { steps } = test.left
    if (test.right.op !== 'const') return undefined
    return (test.right.value as Scalar[]).map((value) => this.pairOf(type, steps, value))
  }

  private testIsVolatile(type: number, test: TestIr): boolean {
    const name = this.types[type] as string
    return isEquality(test)
      ? this.isVolatile(name, test.left.steps)
      : pathsOf(test).some((steps) => this.isVolatile(name, steps))
  }
}

/** An attribute that must be equal to a scalar. */
type Equality = TestIr & {
  op: 'compare'
  left: { op: 'path'; steps: Steps }
  right: { op: 'const'; value: Scalar }
}

const isEquality = (test: TestIr): test is Equality =>
  test.op === 'compare' &&
  test.operator === 'eq' &&
  test.left.op === 'path' &&
  test.right.op === 'const' &&
  (typeof test.right.value !== 'object' || test.right.value === null)

// Groups are what they hold.
function flatten(tests: readonly TestIr[], flat: TestIr[] = []): TestIr[] {
  for (const test of tests) {
    if (test.op === 'all') flatten(test.tests, flat)
    else flat.push(test)
  }
  return flat
}

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
      return JSON.stringify([test.operator, test.left, test.right])
    case 'predicate':
      return JSON.stringify([test.name, test.args])
    case 'not':
      return JSON.stringify([testKey(test.test)])
    default:
      return JSON.stringify([test.op, test.tests.map(testKey).sort()])
  }
}
