// Shows more of a long list; not there when all is shown.
import type { Signal } from '@preact/signals-core'
import { t } from '../i18n.ts'

type Props = { shown: Signal<number>; of: number; step: number }

export const MoreButton = ({ shown, of, step }: Props) =>
  of > shown.value ? (
    <button
      type="button"
      onClick={() => {
        shown.value += step
      }}
    >
      {t('list.more')}
    </button>
  ) : null
