// Several routes in one function, for those that are one thing: what is asked decides which.
import { type HttpFunction, matches, unmatchedFunction } from './http-function.ts'
import type { Route } from './route.ts'

/** A route with the function that answers it. */
export type RoutedFunction = { route: Route; answer: HttpFunction }

const placeOf = (payload: unknown): { method: string; path: string } => {
  const { rawPath, requestContext } = payload as { rawPath?: unknown; requestContext?: { http?: { method?: unknown } } }
  return { path: String(rawPath), method: String(requestContext?.http?.method).toUpperCase() }
}

/** Whatever no route takes is answered as the API's catch-all does. */
export function oneFunction(name: string, functions: readonly RoutedFunction[]): HttpFunction {
  const unmatched = unmatchedFunction(
    name,
    functions.map(({ route }) => route),
  )
  return (payload, context) => {
    const { method, path } = placeOf(Object(payload))
    const wanted = method === 'HEAD' ? 'GET' : method
    const found = functions.find(({ route }) => route.method === wanted && matches(route.path, path))
    return (found?.answer ?? unmatched)(payload, context)
  }
}
