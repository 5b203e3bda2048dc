// Files that commands are given, and standard input in their place: without the byte order mark that some editors write
// first, and with faults that name the file.
import { readFile } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { KramError } from '../base/errors.ts'
import { type JsonValue, parseJson } from '../base/json.ts'

export const nameOf = (file: string): string => (file === '-' ? 'The input' : file)

/**
 * What a file holds; `-`: what standard input does.
 * @throws KramError not_found `file_unreadable`, invalid: what `parseJson` refuses
 */
export async function readJson(file: string, options?: Parameters<typeof parseJson>[1]): Promise<JsonValue> {
  const text = file === '-' ? await textOf(process.stdin) : await readText(file)
  try {
    return parseJson(text.replace(/^\uFEFF/, ''), options)
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

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new KramError('not_found', 'file_unreadable', `${file} cannot be read.`, { cause })
  }
}
