// Sentences of the checks in the reader's language.

/** What a sentence looks like (a regular expression), and what is said for it; `$1` is what it holds. */
export type Message = readonly string[]

const filled = (words: string, fills: readonly string[]): string =>
  words.replace(/\$(\d)/g, (_, n: string) => fills[Number(n)] ?? '')

/** As lib/promos says it, where no words are known: never nothing. The build has numbered what it knew (build/lean.ts). */
export function wordsFor(message: string, messages: readonly Message[]): string {
  const [, index, fills = ''] = /^(?:\w+ )?#(\d+)(.*)$/s.exec(message) ?? []
  if (index) return filled(messages[Number(index)]?.[1] ?? message, fills.split('\t'))
  for (const [pattern = '', words = ''] of messages) {
    const match = new RegExp(`^${pattern}$`).exec(message)
    if (match) return filled(words, match)
  }
  return message
}
