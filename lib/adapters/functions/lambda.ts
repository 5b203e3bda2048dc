// The shop's functions on AWS Lambda.
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Called, Functions } from '../../ports/functions.ts'
import { clientOptions, type Patience, patiently, unavailable } from '../aws.ts'

export type LambdaFunctionsOptions = Patience & {
  /** What stands before a function's name: `kram-dev-`. */
  prefix: string
  client?: LambdaClient
}

/** Longer than any function of the shop takes: an answer that is not waited for is a call that is made again. */
const callTimeoutMs = 60_000

export function createLambdaFunctions({ prefix, client: given, ...patience }: LambdaFunctionsOptions): Functions {
  const client = given ?? new LambdaClient(clientOptions(callTimeoutMs))
  const invoke = async (name: string, InvocationType: 'RequestResponse' | 'Event', payload: unknown) => {
    const command = () =>
      new InvokeCommand({ FunctionName: prefix + name, InvocationType, Payload: JSON.stringify(payload) })
    try {
      return await patiently(patience, () => client.send(command()))
    } catch (error) {
      throw unavailable('function_unavailable', `The function ${name}`, error)
    }
  }
  return {
    async call(name, event) {
      const { FunctionError, Payload } = await invoke(name, 'RequestResponse', event)
      return FunctionError === undefined ? { ok: true } : { ok: false, ...errorIn(Payload?.transformToString()) }
    },
    start: async (name) => {
      await invoke(name, 'Event', {})
    },
    nameOf(arn) {
      // arn:aws:lambda:<region>:<account>:function:<name>, and :<version or alias>
      const [, service, , , kind, name = ''] = arn.split(':').slice(1)
      return service === 'lambda' && kind === 'function' && name.startsWith(prefix)
        ? name.slice(prefix.length)
        : undefined
    },
  }
}

/** `{"errorType": ..., "errorMessage": ...}`, as Lambda writes what a function threw. */
function errorIn(payload = ''): Omit<Called & { ok: false }, 'ok'> {
  let error: unknown
  try {
    error = JSON.parse(payload)
  } catch {
    return { errorMessage: payload.slice(0, 1_000) }
  }
  if (typeof error !== 'object' || error === null) return {}
  const { errorType, errorMessage } = error as Record<string, unknown>
  return {
    ...(typeof errorType === 'string' && { errorType }),
    ...(typeof errorMessage === 'string' && { errorMessage }),
  }
}
