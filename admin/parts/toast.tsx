// One sentence at the foot of the page that says what has just happened; screen readers read it out.
import { signal } from '@preact/signals'

type Toast = { text: string; kind: 'good' | 'bad' }
const toast = signal<Toast | undefined>(undefined)
let timer: ReturnType<typeof setTimeout> | undefined

export function say(text: string, kind: Toast['kind'] = 'good'): void {
  toast.value = { text, kind }
  clearTimeout(timer)
  timer = setTimeout(() => {
    toast.value = undefined
  }, 8_000)
}

export const Toasts = () => (
  <div class="toasts" role="status">
    {toast.value && <p class={`toast ${toast.value.kind}`}>{toast.value.text}</p>}
  </div>
)
