// What is rarely needed, folded away: open where something is in it, and never closed again under who writes there.

import type { ComponentChildren } from 'preact'
import { useSignal } from '../signals.ts'

export function More({ title, isUsed, children }: { title: string; isUsed: boolean; children: ComponentChildren }) {
  const isOpen = useSignal(isUsed)
  if (isUsed) isOpen.value = true
  return (
    <details class="more" open={isOpen.value}>
      <summary>{title}</summary>
      {children}
    </details>
  )
}
