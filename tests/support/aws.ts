// Where the AWS adapters meet a real endpoint: only when AWS_ENDPOINT_URL names one, else they say that they do not.
import { describe, test } from 'vitest'

/** What a client of the SDK needs to talk to an emulator. */
export type Endpoint = {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
}

/**
 * Runs the suites on the endpoint; without one, skips them and prints why. `variable` lets one service have an endpoint
 * of its own, as the SDK's AWS_ENDPOINT_URL_DYNAMODB does.
 */
export function onEndpoint(name: string, run: (endpoint: Endpoint) => void, variable = 'AWS_ENDPOINT_URL'): void {
  const endpoint = process.env[variable] ?? process.env.AWS_ENDPOINT_URL
  if (endpoint === undefined) {
    const reason = 'AWS_ENDPOINT_URL is not set; npm run test:aws starts an emulator and sets it'
    console.warn(`skipped: ${name}: ${reason}`)
    describe(name, () => {
      test.skip(`skipped: ${reason}`, () => {})
    })
    return
  }
  run({ endpoint, region: 'eu-central-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })
}
