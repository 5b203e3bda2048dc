// The CloudFormation template that `serverless package` makes of serverless.yml, for stage prod.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Resource = {
  Type: string
  DeletionPolicy?: string
  UpdateReplacePolicy?: string
  Properties: Record<string, unknown>
}
export type Resources = Record<string, Resource>

/** Set by the test file that compiles it, before its tests begin. */
export const compiled: { resources: Resources } = { resources: {} }

/** Takes seconds, and builds dist/: for one test file. */
export function packaged(): Resources {
  const folder = mkdtempSync(join(tmpdir(), 'kram-package-'))
  const args = ['package', '--stage', 'prod', '--package', folder]
  execFileSync(process.execPath, ['node_modules/serverless/bin/serverless.js', ...args], { stdio: 'pipe' })
  const template = readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8')
  rmSync(folder, { recursive: true })
  return JSON.parse(template).Resources
}

export const typed = (resources: Resources, type: string): [string, Resource][] =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type)

/** Of `{Ref}` and `{Fn::GetAtt}` the resource that it means; undefined for any other value. */
export function meant(value: unknown): string | undefined {
  const { Ref, 'Fn::GetAtt': attribute } = (value ?? {}) as { Ref?: string; 'Fn::GetAtt'?: string[] }
  return Ref ?? attribute?.[0]
}
