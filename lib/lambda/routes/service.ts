// Routes about the service itself; public, since a load balancer and a reader of the documentation have no token.
import * as v from 'valibot'
import { defineRoute } from '../route.ts'

export const getHealthz = defineRoute({
  name: 'get-healthz',
  method: 'GET',
  path: '/healthz',
  summary: 'Whether the process answers',
  roles: 'public',
  needs: [],
  answer: { status: 200, description: 'It does.', schema: v.strictObject({ status: v.literal('ok') }) },
})

export const getReadyz = defineRoute({
  name: 'get-readyz',
  method: 'GET',
  path: '/readyz',
  summary: 'Whether bus, table and objects can be reached; 503 when one cannot',
  roles: 'public',
  needs: ['bus', 'table', 'objects'],
  answer: {
    status: 200,
    description: 'All can.',
    schema: v.strictObject({
      status: v.literal('ok'),
      checks: v.strictObject({ bus: v.literal('ok'), table: v.literal('ok'), objects: v.literal('ok') }),
    }),
  },
})

export const getMetrics = defineRoute({
  name: 'get-metrics',
  method: 'GET',
  path: '/metrics',
  summary: 'Counters of this process in the Prometheus text format',
  description: 'Only in the embedded run, which listens on this machine alone; on AWS CloudWatch counts.',
  roles: 'public',
  needs: ['bus', 'table'],
  embeddedOnly: true,
  answer: {
    status: 200,
    description: 'Prometheus text format 0.0.4.',
    schema: v.string(),
    mediaType: 'text/plain; version=0.0.4; charset=utf-8',
  },
  problems: [404],
})

export const getOpenapi = defineRoute({
  name: 'get-openapi',
  method: 'GET',
  path: '/openapi.json',
  summary: 'This description of the API',
  roles: 'public',
  needs: [],
  answer: { status: 200, description: 'An OpenAPI 3.1 document.', schema: v.record(v.string(), v.unknown()) },
})
