// As much of vitest as the tests of lib/rules use, in the process that calls it: starting vitest for each of thousands of
// mutants would take hours.
import { format } from 'node:util'
import { Script } from 'node:vm'
import { expect } from 'vitest'

/** As vitest names the cases of a table: %s and the like take its columns. */
const named = (name, row) => format(name, ...row.slice(0, (name.match(/%[sdifjoO]/g) ?? []).length))
/** As vitest takes a table: its cases are rows where all are lists. */
const rowsOf = (table) => (table.every(Array.isArray) ? table : table.map((each) => [each]))

/** Collects the tests of one file: `tests` is a map from their full names. */
export function collector() {
  const tests = new Map()
  const names = []
  const describe = (name, body) => {
    names.push(name)
    body()
    names.pop()
  }
  const test = (name, body) => {
    const full = [...names, name].join(' > ')
    tests.set(tests.has(full) ? `${full} (${tests.size})` : full, body)
  }
  const eachOf = (declare) => (table) => (name, body) => {
    for (const row of rowsOf(table)) declare(named(name, row), () => body(...row))
  }
  describe.each = eachOf(describe)
  test.each = eachOf(test)
  return { tests, vitest: { describe, test, expect } }
}

const call = new Script('mutationCall()')
/** Instead of a failure's message, where there was no end to wait for. */
export const late = 'it did not end'

/** Why it fails, or nothing when it passes; stopped after so many milliseconds. Nothing that is awaited: no test here is. */
export function failureOf(action, timeout = 60_000) {
  globalThis.mutationCall = action
  try {
    const answer = call.runInThisContext({ timeout: Math.ceil(timeout) })
    return answer instanceof Promise ? 'the test is asynchronous' : undefined
  } catch (error) {
    return error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? late : String(error?.message)
  }
}
