// What refuses an entry of a config that is of no kind which there is.
import * as v from 'valibot'

/** Passes nothing that is of none of the `kinds`, and names them. */
export function unknownKind<Config>(kinds: readonly string[], what: string): v.GenericSchema<unknown, Config> {
  const type = v.picklist(kinds, `must be a kind of ${what}: ${kinds.join(', ')}`)
  return v.objectWithRest({ type }, v.unknown(), 'must be an object') as unknown as v.GenericSchema<unknown, Config>
}
