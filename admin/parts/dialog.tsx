// A native dialog: opened when it is shown, closed by Escape, its buttons or the page; focus goes back by itself.

import type { ComponentChildren } from 'preact'
import { isSignedOut } from '../api.ts'
import { useId, useRef, useStart } from '../signals.ts'
import { SignIn } from './sign-in.tsx'

type Props = { title: string; onClose: () => void; wide?: boolean; children: ComponentChildren }

export function Dialog({ title, onClose, wide = false, children }: Props) {
  const ref = useRef<HTMLDialogElement>()
  const id = useId()
  useStart(() => {
    ref.current?.showModal()
  })
  return (
    <dialog ref={ref} class={wide ? 'wide' : ''} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {isSignedOut.value && <SignIn isAgain />}
      {children}
    </dialog>
  )
}
