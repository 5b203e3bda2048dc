// One sentence at the foot of the page that says what has just happened; screen readers read it out.
import { signal } from '@preact/signals-core'

type Action = { label: string; act: () => void }
type Toast = { text: string; kind: 'good' | 'bad'; action?: Action | undefined }
const toast = signal<Toast | undefined>(undefined)
let timer: ReturnType<typeof setTimeout> | undefined

export function say(text: string, kind: Toast['kind'] = 'good', action?: Action): void {
  toast.value = { text, kind, action }
  clearTimeout(timer)
  timer = setTimeout(() => {
    toast.value = undefined
  }, 8_000)
}

/** What went wrong before is no news any more, and what was offered is of the place that was left. */
export function hush(): void {
  if (toast.value?.kind === 'bad' || toast.value?.action) toast.value = undefined
}
addEventListener('hashchange', hush)

export function Toasts() {
  const shown = toast.value
  const act = (): void => {
    toast.value = undefined
    shown?.action?.act()
  }
  return (
    <div class="toasts" role="status">
      {shown && (
        <p class={`toast ${shown.kind}`}>
          {shown.text}
          {shown.action && (
            <button type="button" class="link" onClick={act}>
              {shown.action.label}
            </button>
          )}
        </p>
      )}
    </div>
  )
}
