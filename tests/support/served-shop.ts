// A shop that runs in the test's process and answers HTTP as `npm start` does: the real functions behind node:http.
// What serverless-offline adds to it is tested in tests/local.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { HttpResponse } from '../../lib/lambda/http-function.ts'
import { functionNameOf, type Route } from '../../lib/lambda/route.ts'
import { allRoutes } from '../../lib/lambda/routes/all.ts'
import { loadHandler } from '../../lib/local/functions.ts'
import { removeServer, writeServer } from '../../lib/local/server-file.ts'
import { openShop, type Shop, type ShopOptions } from '../../lib/local/shop.ts'
import { payloadOf } from './http.ts'

export type ServedShop = Shop & { requests: string[]; url: string }

const patternOf = ({ path }: Route): RegExp => new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** What API Gateway's JWT authorizer does in front of a shop: the claims of a token that holds; undefined: it does not. */
export type Authorizer = (token: string) => Promise<object | undefined>

const unauthorized: HttpResponse = {
  statusCode: 401,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Unauthorized"}',
}

async function answer(request: IncomingMessage, authorizer: Authorizer | undefined): Promise<HttpResponse> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop')
  const found = allRoutes.flatMap((route) => {
    const match = route.method === request.method ? patternOf(route).exec(pathname) : null
    return match ? [{ route, params: match.groups ?? {} }] : []
  })[0]
  const params = Object.entries(found?.params ?? {}).map(([name, text]) => [name, decodeURIComponent(text)])
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  const claims = authorizer && token !== undefined ? await authorizer(token) : undefined
  if (authorizer && found && found.route.roles !== 'public' && !claims) return unauthorized
  const handler = await loadHandler(found ? functionNameOf(found.route) : 'no-route')
  const payload = payloadOf({
    method: request.method ?? 'GET',
    path: pathname,
    params: Object.fromEntries(params),
    query: searchParams.toString(),
    headers: request.headers as Record<string, string>,
    body: (await bodyOf(request)) || null,
    ...(authorizer && { authorizer: claims && { jwt: { claims, scopes: null } } }),
  })
  return (await handler(payload)) as HttpResponse
}

/** Runs until the test is over; the commands find it by the folder's server.json. */
export async function serveShop({
  authorizer,
  ...options
}: ShopOptions & { authorizer?: Authorizer }): Promise<ServedShop> {
  const { dataDir } = options
  const shop = await openShop(options)
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    answer(request, authorizer).then(
      ({ statusCode, headers, body, isBase64Encoded }) =>
        response.writeHead(statusCode, headers).end(body, isBase64Encoded ? 'base64' : 'utf8'),
      // Who asked has gone away.
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await shop.start()
  writeServer(dataDir, { url: `http://127.0.0.1:${port}`, pid: process.pid })
  onTestFinished(async () => {
    removeServer(dataDir)
    server.closeAllConnections()
    server.close()
    await shop.stop()
  })
  return Object.assign(shop, { requests, url: `http://127.0.0.1:${port}` })
}
