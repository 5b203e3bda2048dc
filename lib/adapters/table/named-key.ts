// A key with the one text that Maps know it by: made once, since it is looked up many times on its way through a write.
import type { Key } from '../../ports/table.ts'

export type NamedKey = Key & { readonly name: string }

// The length says where the one ends and the other begins.
export const nameOf = ({ pk, sk }: Key): string => `${pk.length} ${pk}${sk}`

/** A copy: whoever asked may change its own. */
export const namedKey = (key: Key, name = nameOf(key)): NamedKey => ({ pk: key.pk, sk: key.sk, name })
