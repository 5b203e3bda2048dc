// Asks why, does it, and says what went wrong when it did not work. Every save goes through here: the history says why.

import type { ComponentChildren } from 'preact'
import { limits } from '../../lib/base/limits.ts'
import { asApiError, isSignedOut } from '../api.ts'
import { t } from '../i18n.ts'
import { errorText } from '../problems.ts'
import { useId, useSignal } from '../signals.ts'
import { Dialog } from './dialog.tsx'

type Props = {
  title: string
  /** What stands in the field at first, so that two clicks are enough. */
  reason: string
  /** What the button says. */
  action: string
  isDangerous?: boolean
  /** Whatever it throws is shown, and the dialog stays. */
  onConfirm: (reason: string) => Promise<void>
  onClose: () => void
  children?: ComponentChildren
}

export function ReasonDialog({
  title,
  reason: first,
  action,
  isDangerous = false,
  onConfirm,
  onClose,
  children,
}: Props) {
  const reason = useSignal(first)
  const problem = useSignal('')
  const isBusy = useSignal(false)
  const id = useId()
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (isBusy.value) return
    if (reason.value.trim() === '') {
      problem.value = t('reason.missing')
      document.getElementById(id)?.focus()
      return
    }
    isBusy.value = true
    try {
      await onConfirm(reason.value.trim())
      onClose()
    } catch (error) {
      // Who is not signed in is asked to, above.
      problem.value = isSignedOut.value ? '' : errorText(asApiError(error))
    } finally {
      isBusy.value = false
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form method="dialog" onSubmit={submit}>
        {children}
        <div class="field">
          <label for={id}>{t('reason.label')}</label>
          <input
            id={id}
            value={reason.value}
            maxLength={limits.reasonChars}
            aria-describedby={`${id}-help`}
            aria-invalid={problem.value !== ''}
            onInput={(event) => {
              reason.value = event.currentTarget.value
            }}
          />
          <p class="help" id={`${id}-help`}>
            {t('reason.help')}
          </p>
        </div>
        {problem.value && (
          <p class="error" role="alert">
            {problem.value}
          </p>
        )}
        <div class="buttons">
          {/* Disabled it would lose the focus, which somebody without a mouse needs when it did not work. */}
          <button type="submit" class={isDangerous ? 'danger' : 'primary'} aria-disabled={isBusy.value}>
            {action}
          </button>
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
