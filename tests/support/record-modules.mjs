// For `node --import`: remembers which modules a process loaded. tests/http/loading.test.ts reads them.
import { registerHooks } from 'node:module'

globalThis.loadedModules = []
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    globalThis.loadedModules.push(resolved.url)
    return resolved
  },
})
