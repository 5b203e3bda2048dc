// Sentences of the checks in the reader's language.
import { texts } from './i18n.ts'

/** As lib/promos says it, where no translation is known: never nothing. */
export function messageText(message: string): string {
  for (const [pattern = '', words = ''] of texts.value.messages ?? []) {
    const match = new RegExp(`^${pattern}$`).exec(message)
    if (match) return words.replace(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? '')
  }
  return message
}
