// What every script here needs to know: which endpoint, which stack, where this folder keeps its own files.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import * as v from 'valibot'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Emulator, keys, package and what is deployed; git-ignored. */
export const folder = `${root}.localstack`

/** A LocalStack-compatible endpoint; the SDK reads the same variable. */
export const endpoint = (process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:4566').replace(/\/+$/, '')

export const region = process.env.AWS_REGION ?? 'eu-central-1'
export const stage = process.env.KRAM_STAGE ?? 'local'
export const stackName = `kram-${stage}`
export const audience = 'kram'

/** Whether the emulator holds each function to its role's rights: ministack's own variable. */
export const rightsAreChecked = process.env.AUTH === 'true'

/** An endpoint that asks for no real account takes any credentials; a real one is refused here. */
export function prepareEnvironment(): void {
  if (/\.amazonaws\.com(?:\.cn)?$/.test(new URL(endpoint).hostname)) {
    throw new Error('AWS_ENDPOINT_URL is AWS itself: docs/deploy.md says how to deploy there.')
  }
  process.env.AWS_ENDPOINT_URL = endpoint
  process.env.AWS_REGION = region
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
}

const deployedSchema = v.strictObject({
  endpoint: v.string(),
  stackName: v.string(),
  /** Of the API; paths are put after it. */
  url: v.string(),
  issuer: v.string(),
  bus: v.string(),
  table: v.string(),
  bucket: v.string(),
  deploymentBucket: v.string(),
  deadLetterQueueUrl: v.string(),
  archiveMadeByApi: v.optional(v.string()),
})

export type Deployed = v.InferOutput<typeof deployedSchema>

const deployedPath = `${folder}/deployed.json`

export function writeDeployed(deployed: Deployed): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(deployedPath, `${JSON.stringify(deployed, null, 2)}\n`)
}

/** @throws when nothing was deployed to this endpoint from here */
export function readDeployed(): Deployed {
  let text: string
  try {
    text = readFileSync(deployedPath, 'utf8')
  } catch {
    throw new Error('Nothing is deployed from here: npm run localstack:deploy first.')
  }
  const deployed = v.parse(deployedSchema, JSON.parse(text))
  if (deployed.endpoint === endpoint) return deployed
  throw new Error(`What is deployed is at ${deployed.endpoint}, not ${endpoint}: set AWS_ENDPOINT_URL, or deploy here.`)
}

export const forgetDeployed = (): void => rmSync(deployedPath, { force: true })

export const say = (text: string): void => console.log(text)

/** Asks until the answer is good; a question that fails is asked again. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { seconds = 180, everyMs = 250 }: { seconds?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + seconds * 1_000
  let last: unknown
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) throw new Error(`In ${seconds} s it did not come to be: ${what}`, { cause: last })
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

// An endpoint's error may quote a whole template.
const short = (text: string): string => (text.length > 2_000 ? `${text.slice(0, 400)} ... ${text.slice(-400)}` : text)

/** Runs a script's main function with its options: its error is one message, not a trace. */
export function run<Options extends object>(command: Command, main: (options: Options) => Promise<void>): void {
  main(command.parse().opts<Options>()).catch((error: unknown) => {
    const because = error instanceof Error && error.cause ? `\n  ${short(String(error.cause))}` : ''
    console.error(`${short(error instanceof Error ? error.message : String(error))}${because}`)
    process.exitCode = 1
  })
}
