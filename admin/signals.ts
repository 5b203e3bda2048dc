// Components keep what they hold in signals: what reads a signal while it is drawn is drawn again when it changes. A
// component calls these in the same order each time it is drawn.
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import { Component, type ComponentChildren, createRef, Fragment as Group, options, type RefObject } from 'preact'

/** Returns what undoes it, or nothing. */
type Start = () => (() => void) | undefined

class Watched extends Component<object> {
  kept: unknown[] = []
  starts: Start[] = []
  ends: ReturnType<Start>[] = []
  unwatch = (): void => {}

  override componentDidMount(): void {
    this.ends = this.starts.map((start) => start())
  }

  override componentWillUnmount(): void {
    this.unwatch()
    for (const end of this.ends) end?.()
  }

  override render(): ComponentChildren {
    return null
  }
}

/** Which component is being drawn, and how many things it has asked for. */
let drawn: Watched
let asked = 0

/** What is made when the component is drawn first; later the same. */
function useKept<Thing>(make: () => Thing): Thing {
  const { kept } = drawn
  const place = asked++
  if (place === kept.length) kept.push(make())
  return kept[place] as Thing
}

let ids = 0
export const useId = (): string => useKept(() => `id${ids++}`)
export const useRef = <Place>(): RefObject<Place | null> => useKept(createRef<Place>)
export const useSignal = <Value>(first: Value): Signal<Value> => useKept(() => signal(first))
/** `compute` is kept as it was first given. */
export const useComputed = <Value>(compute: () => Value): ReadonlySignal<Value> => useKept(() => computed(compute))
/** Done once, when the component is on the page. */
export const useStart = (start: Start): unknown => useKept(() => drawn.starts.push(start))
/** Done when the component is on the page, and whenever a signal changes that it has read. Kept as first given. */
export const useSignalEffect = (act: Start): unknown => useStart(() => effect(act))

type Draw = (props: object) => ComponentChildren
const watched = new WeakMap<Draw, typeof Watched>()

const watching = (draw: Draw): typeof Watched =>
  class extends Watched {
    override render(): ComponentChildren {
      let parts: ComponentChildren
      let isDrawn = false
      this.unwatch()
      this.unwatch = effect(() => {
        if (isDrawn) return this.setState({})
        isDrawn = true
        drawn = this
        asked = 0
        parts = draw(this.props)
      })
      return parts
    }
  }

/** To be called before anything is drawn. */
export function watchSignals(): void {
  options.vnode = (vnode) => {
    const { type } = vnode
    if (typeof type !== 'function' || type === Group || type.prototype?.render) return
    const known = watched.get(type as Draw) ?? watching(type as Draw)
    watched.set(type as Draw, known)
    vnode.type = known as typeof type
  }
}
