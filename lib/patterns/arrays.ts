// Array consistency: fields that lie in the same array must match in the same element of it.
import type { Entry, Membership } from './fields.ts'

/** What one field offers: the places of its values that match, and of all its values when it may also be absent. */
export type Offer = { matching: readonly Entry[]; present: readonly Entry[] | undefined }

/** Elements chosen so far: the index for the number of each array. */
type Chosen = Map<number, number>

/** Places of values, by the arrays on the way to them, outermost first. */
type Places = { here: boolean; arrays: Map<number, Map<number, Places>> }

const newPlaces = (): Places => ({ here: false, arrays: new Map() })

function chainOf(where: Membership | undefined): Membership[] {
  const chain: Membership[] = []
  for (let at = where; at; at = at.outer) chain.push(at)
  return chain.reverse()
}

function placesOf(entries: readonly Entry[]): Places {
  const root = newPlaces()
  for (const { where } of entries) {
    let places = root
    for (const { array, index } of chainOf(where)) {
      const elements = places.arrays.get(array) ?? new Map<number, Places>()
      places.arrays.set(array, elements)
      const next = elements.get(index) ?? newPlaces()
      elements.set(index, next)
      places = next
    }
    places.here = true
  }
  return root
}

/** Every choice of elements that agrees with `chosen` and holds a value of these places. */
function* choices(places: Places, chosen: Chosen): Generator<Chosen> {
  if (places.here) yield chosen
  for (const [array, elements] of places.arrays) {
    const index = chosen.get(array)
    if (index !== undefined) {
      const next = elements.get(index)
      if (next) yield* choices(next, chosen)
      continue
    }
    for (const [each, next] of elements) yield* choices(next, new Map(chosen).set(array, each))
  }
}

const anyChoice = (places: Places, chosen: Chosen): boolean => !choices(places, chosen).next().done

function collectArrays(places: Places, into: Set<number>): void {
  for (const [array, elements] of places.arrays) {
    into.add(array)
    for (const next of elements.values()) collectArrays(next, into)
  }
}

/**
 * Whether elements can be chosen so that every field matches. Fields are tried in order of their paths, and an absent
 * field is judged by the elements chosen before it: so does event-ruler, where `exists: false` means "not in this
 * element" when a field before it has fixed the element, and "nowhere" when none has.
 */
export function consistent(offers: readonly Offer[]): boolean {
  const matching = offers.map((offer) => placesOf(offer.matching))
  const present = offers.map((offer) => offer.present && placesOf(offer.present))
  // Arrays that fields from each position on lie in: choices of other arrays make no difference there.
  const laterArrays: Set<number>[] = offers.map(() => new Set())
  for (let at = offers.length - 1; at >= 0; at--) {
    for (const array of laterArrays[at + 1] ?? []) laterArrays[at]?.add(array)
    collectArrays(matching[at] as Places, laterArrays[at] as Set<number>)
    const presentPlaces = present[at]
    if (presentPlaces) collectArrays(presentPlaces, laterArrays[at] as Set<number>)
  }
  const failed = new Set<string>()

  const holdsFrom = (at: number, chosen: Chosen): boolean => {
    if (at === offers.length) return true
    const relevant = [...chosen].filter(([array]) => laterArrays[at]?.has(array)).sort(([a], [b]) => a - b)
    const state = `${at}:${relevant.join(';')}`
    if (failed.has(state)) return false
    const presentPlaces = present[at]
    if (presentPlaces && !anyChoice(presentPlaces, chosen) && holdsFrom(at + 1, chosen)) return true
    for (const next of choices(matching[at] as Places, chosen)) if (holdsFrom(at + 1, next)) return true
    failed.add(state)
    return false
  }
  return holdsFrom(0, new Map())
}
