// What is dear to make and asked for again: formats of Intl, texts.

/** Nothing that it keeps grows for ever: at so many entries it forgets them all. */
const most = 1_000

/** The value that `known` has for a key, made when it is first asked for. */
export function remember<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size >= most) known.clear()
  const made = make()
  known.set(key, made)
  return made
}

/** `make`, which is asked once for each object and gives the same answer to all who come with it. */
export function oncePer<Key extends object, Value extends NonNullable<unknown>>(make: (key: Key) => Value) {
  const known = new WeakMap<Key, Value>()
  return (key: Key): Value => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = make(key)
    known.set(key, made)
    return made
  }
}
