// Which keys every objects adapter takes.
import { KramError } from '../../base/errors.ts'

const keyPattern = /^[A-Za-z0-9._=-]+(?:\/[A-Za-z0-9._=-]+)*$/

/** @throws KramError invalid `object_key` */
export function checkObjectKey(key: string): void {
  const segmentOfDots = key.split('/').includes('.')
  if (keyPattern.test(key) && key.length <= 512 && !key.includes('..') && !segmentOfDots) return
  throw new KramError(
    'invalid',
    'object_key',
    'An object key has 1 to 512 characters of A-Z a-z 0-9 . _ - = in parts joined by /, none of them empty, "." or with "..".',
  )
}
