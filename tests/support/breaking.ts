// A value that breaks at the nth thing that somebody does with it or with anything got from it.

/** `touched` counts what was done: reading a field, calling a function. At `breakAt` (from 0) it throws. */
export function breaking<T extends object>(value: T, breakAt: number): { value: T; touched: () => number } {
  let touched = 0
  const touch = (): void => {
    if (touched++ === breakAt) throw new TypeError(`broken at ${breakAt}`)
  }
  // Built-in containers and typed arrays do not work through a proxy; what holds them does.
  const isPlain = (one: object): boolean => {
    const prototype = Object.getPrototypeOf(one)
    return typeof one === 'function' || Array.isArray(one) || prototype === Object.prototype || prototype === null
  }
  const proxies = new WeakMap<object, object>()
  const wrapped = (one: unknown): unknown => {
    if ((typeof one !== 'object' && typeof one !== 'function') || one === null || !isPlain(one)) return one
    const known = proxies.get(one)
    if (known) return known
    const proxy = new Proxy(one, {
      get(target, name) {
        touch()
        const property = Object.getOwnPropertyDescriptor(target, name)
        const found: unknown = Reflect.get(target, name)
        // What cannot change must be handed out as it is.
        return property && !property.configurable && !property.writable ? found : wrapped(found)
      },
      apply(target, self, args) {
        touch()
        return wrapped(Reflect.apply(target as (...all: unknown[]) => unknown, self, args))
      },
    })
    proxies.set(one, proxy)
    return proxy
  }
  return { value: wrapped(value) as T, touched: () => touched }
}
