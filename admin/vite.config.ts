// Builds the admin page into dist/admin, as docs/admin-api.md has it: no inline script or style, and hashed names.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: '/admin/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: here('../dist/admin'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    // Sizes are a test's business.
    reportCompressedSize: false,
    rollupOptions: {
      // lib/ has no module that does anything when it is loaded, so what is not used is left out.
      treeshake: { moduleSideEffects: (id) => !id.includes('/lib/') },
    },
  },
})
