import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { handler } from '../../functions/get-openapi.ts'
import { allRoutes } from '../../lib/lambda/routes/all.ts'
import { getOpenapi } from '../../lib/lambda/routes/service.ts'
import { call } from '../support/http.ts'

const fetched = async () => (await call(handler, getOpenapi)).json()

test('the served document is OpenAPI 3.1', async () => {
  const document = await fetched()
  const result = await new Validator().validate(document)
  expect(result.errors ?? []).toEqual([])
  expect(result.valid).toBe(true)
  expect(document.openapi).toMatch(/^3\.1\./)
})

test('every route is in it, and nothing else', async () => {
  const { paths } = await fetched()
  const operations = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method.toUpperCase(), path, operation.operationId]),
  )
  expect(operations.sort()).toEqual(allRoutes.map(({ method, path, name }) => [method, path, name]).sort())
})

test('path parameters of template and schema are the same', async () => {
  const { paths } = await fetched()
  for (const { path, method } of allRoutes) {
    const inPath = paths[path][method.toLowerCase()].parameters.filter(
      (parameter: { in: string }) => parameter.in === 'path',
    )
    const names = inPath.map((parameter: { name: string }) => parameter.name)
    expect(names).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))
  }
})

test('a body is described by the schema that requests are parsed with', async () => {
  const { paths } = await fetched()
  const schema = paths['/purchases'].post.requestBody.content['application/json'].schema
  expect(schema).toMatchObject({
    type: 'object',
    required: ['customer_id', 'product_id', 'quantity'],
    additionalProperties: false,
    properties: { quantity: { type: 'integer', minimum: 1, maximum: 10_000 } },
  })
})

test('a request that changes something and has nothing to say may have an empty body, and no field', async () => {
  const { paths } = await fetched()
  for (const path of ['/orders/{id}/cancel', '/replays/{name}/cancel']) {
    const { requestBody, responses } = paths[path].post
    expect(requestBody).toMatchObject({
      required: false,
      content: { 'application/json': { schema: { type: 'object', properties: {}, additionalProperties: false } } },
    })
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['413', '415']))
  }
  expect(paths['/orders/{id}'].get).not.toHaveProperty('requestBody')
})

test('query parameters are described by what they mean, not as the texts that they are', async () => {
  const { paths } = await fetched()
  const schemas = (path: string) =>
    Object.fromEntries(
      paths[path].get.parameters.map(({ name, required, schema }: Record<string, unknown>) => [
        name,
        { required, ...(schema as object) },
      ]),
    )
  expect(schemas('/events')).toMatchObject({
    limit: { required: false, type: 'integer', minimum: 1, maximum: 100, default: 50 },
    from: { required: false, type: 'string', format: 'date-time' },
  })
  expect(schemas('/products/{id}/lowest-price')).toMatchObject({ day: { required: false, format: 'date' } })
})

test('only public routes ask for no token', async () => {
  const { paths, security } = await fetched()
  expect(security).toEqual([{ token: [] }])
  for (const { path, method, roles } of allRoutes) {
    const operation = paths[path][method.toLowerCase()]
    expect(operation.security).toEqual(roles === 'public' ? [] : undefined)
    expect(operation['x-kram-roles']).toEqual(roles === 'public' ? undefined : roles)
  }
})
