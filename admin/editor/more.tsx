// What is rarely needed, folded away: open where something is in it, and never closed again under who writes there.
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'

export function More({ title, isUsed, children }: { title: string; isUsed: boolean; children: ComponentChildren }) {
  const isOpen = useRef(isUsed)
  isOpen.current ||= isUsed
  return (
    <details class="more" open={isOpen.current}>
      <summary>{title}</summary>
      {children}
    </details>
  )
}
