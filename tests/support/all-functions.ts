// Every HTTP function beside its route, for tests that hold of all of them.
import type { HttpFunction } from '../../lib/lambda/http-function.ts'
import { functionNameOf, type Route } from '../../lib/lambda/route.ts'
import { allRoutes } from '../../lib/lambda/routes/all.ts'

export type Served = { route: Route; handler: HttpFunction }

export const allFunctions: readonly Served[] = await Promise.all(
  allRoutes.map(async (route) => {
    const { handler } = await import(`../../functions/${functionNameOf(route)}.ts`)
    return { route, handler }
  }),
)

/** @throws when no route has that name */
export function functionOf(name: string): Served {
  const found = allFunctions.find(({ route }) => route.name === name)
  if (!found) throw new Error(`There is no route ${name}.`)
  return found
}
