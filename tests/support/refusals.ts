// What was refused, to look at: of a promise, of an action, and its code alone.
import { KramError } from '../../lib/base/errors.ts'

export const refusal = async (act: Promise<unknown>): Promise<KramError> => {
  const error = await act.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(error instanceof KramError)) throw new Error(`expected a refusal, not ${error}`)
  return error
}

export function refusalOf(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    if (!(error instanceof KramError)) throw error
    const { kind, code, message, detail } = error
    return { kind, code, message, detail }
  }
  return 'nothing was refused'
}

/** 'none': nothing was refused. */
export const codeOf = (action: () => unknown): string => {
  try {
    action()
  } catch (error) {
    if (error instanceof KramError) return error.code
    throw error
  }
  return 'none'
}
