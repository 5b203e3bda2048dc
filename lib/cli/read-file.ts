// Files that commands are given, and standard input in their place, with faults that name the file.
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { KramError } from '../base/errors.ts'
import { type JsonValue, parseJson } from '../base/json.ts'
import { utf8Of } from '../base/utf8.ts'
import { standardInput } from './lines.ts'

export const nameOf = (file: string): string => (file === '-' ? 'The input' : file)

/**
 * What a file holds; `-`: what standard input does.
 * @throws KramError not_found `file_unreadable`, invalid: `body_not_utf8`, what `parseJson` refuses
 */
export async function readJson(file: string, options?: Parameters<typeof parseJson>[1]): Promise<JsonValue> {
  const bytes = file === '-' ? await buffer(standardInput()) : await readBytes(file)
  try {
    return parseJson(utf8Of(bytes), options)
  } catch (error) {
    if (!(error instanceof KramError)) throw error
    const [{ pointer, message } = { pointer: '', message: error.message }] = error.detail.issues ?? []
    const { kind, code, detail } = error
    throw new KramError(kind, code, `${nameOf(file)}${pointer && ` at ${pointer}`} ${message}`, {
      detail,
      cause: error,
    })
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new KramError('not_found', 'file_unreadable', `${file} cannot be read.`, { cause })
  }
}
