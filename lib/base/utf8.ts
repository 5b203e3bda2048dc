// Bytes from outside as text. What is no UTF-8 is refused: replaced characters would go on as if somebody had written them.
import { KramError } from './errors.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Without the byte order mark that some editors put first.
 * @throws KramError invalid `body_not_utf8`
 */
export function utf8Of(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    const issues = [{ pointer: '', message: 'must be UTF-8' }]
    throw new KramError('invalid', 'body_not_utf8', 'The body must be UTF-8.', { detail: { issues }, cause })
  }
}
