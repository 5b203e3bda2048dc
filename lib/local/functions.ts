// Functions by name, as Lambda would load them: from the source, or in the bundle from their chunks.
import { KramError } from '../base/errors.ts'
import type { LambdaFunction } from '../lambda/event-function.ts'

/**
 * The `handler` that functions/<name>.ts exports.
 * @throws KramError invalid `function_without_handler`
 */
export async function loadHandler(name: string): Promise<LambdaFunction> {
  const module: { handler?: unknown } = await import(`../../functions/${name}.ts`)
  const { handler } = module
  if (typeof handler !== 'function') {
    throw new KramError(
      'invalid',
      'function_without_handler',
      `functions/${name}.ts exports no function named handler.`,
    )
  }
  return async (event, context) => handler(event, context)
}
