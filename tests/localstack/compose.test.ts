// localstack/compose.yml has not been run by any test of ours (that needs Docker and a registry): here it is held against
// what the scripts beside it and the pages say of it.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { endpoint } from '../../localstack/settings.ts'

const compose = parse(readFileSync('localstack/compose.yml', 'utf8'))

/** `${NAME:-default}` as Compose fills it in. https://docs.docker.com/reference/compose-file/interpolation/ */
const filled = (text: string, environment: Record<string, string> = {}): string =>
  text.replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, otherwise: string) => environment[name] || otherwise)

test('it is one service, of fields that Compose knows', () => {
  expect(Object.keys(compose)).toEqual(['services'])
  expect(Object.keys(compose.services)).toEqual(['aws'])
  expect(Object.keys(compose.services.aws).toSorted()).toEqual(['environment', 'image', 'ports', 'volumes'])
})

test('it runs an image that asks for no account; LOCALSTACK_IMAGE picks another', () => {
  const { image } = compose.services.aws
  expect(filled(image)).toBe('ministackorg/ministack:latest')
  expect(filled(image, { LOCALSTACK_IMAGE: 'localstack/localstack-pro' })).toBe('localstack/localstack-pro')
})

test('it listens where the scripts ask, and on this machine alone', () => {
  const { port } = new URL(endpoint)
  if (process.env.AWS_ENDPOINT_URL === undefined) expect(compose.services.aws.ports).toEqual([`127.0.0.1:${port}:4566`])
  for (const published of compose.services.aws.ports) expect(published).toMatch(/^127\.0\.0\.1:/)
})

test('every value of its environment can be left unset', () => {
  for (const value of Object.values(compose.services.aws.environment)) expect(filled(String(value))).not.toContain('$')
})
