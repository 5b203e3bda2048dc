// Values that nobody can change any more: what was worked out of one holds for as long as it is there.

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether it and everything in it is frozen. Quick for what is not. */
export const isDeepFrozen = (value: unknown): boolean =>
  !isObject(value) || (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen))

/** Freezes it and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (isObject(value)) for (const inner of Object.values(Object.freeze(value))) deepFreeze(inner)
  return value
}

/**
 * `make`, which is asked once for each frozen object and gives the same answer, frozen, to all who come with it; for one
 * that may still change it is asked each time.
 */
export function oncePerFrozen<Input, Output>(make: (input: Input) => Output) {
  const made = new WeakMap<object, Output>()
  return (input: Input): Output => {
    if (!isObject(input)) return make(input)
    const known = made.get(input)
    if (known !== undefined) return known
    const output = make(input)
    if (isDeepFrozen(input)) made.set(input, deepFreeze(output))
    return output
  }
}
