// Takes promotions out of force: the second of the two clicks. Says which could not be paused, and why.
import { t, tn } from '../i18n.ts'
import { ReasonDialog } from '../parts/reason-dialog.tsx'
import { say } from '../parts/toast.tsx'
import { type Promo, titleOf } from '../promo-view.ts'
import { pausePromos } from '../shop.ts'

type Props = { what: readonly Promo[] | 'all'; onClose: () => void; onDone?: () => void }

export function PauseDialog({ what, onClose, onDone }: Props) {
  const isAll = what === 'all'
  const pause = async (reason: string): Promise<void> => {
    const { paused, failed } = await pausePromos(isAll ? undefined : what.map(({ id }) => id), reason)
    onDone?.()
    if (failed.length === 0) return say(tn('paused', paused.length))
    say(t('paused.failed', { list: failed.map(({ id, message }) => `${id}: ${message}`).join('; ') }), 'bad')
  }
  return (
    <ReasonDialog
      title={isAll ? t('pauseAll.title') : tn('pause.title', what.length)}
      reason={t('pause.reason')}
      action={t('pause')}
      isDangerous
      onConfirm={pause}
      onClose={onClose}
    >
      <p>{t(isAll ? 'pauseAll.text' : 'pause.text')}</p>
      {!isAll && (
        <ul class="names">
          {what.map((promo) => (
            <li key={promo.id}>{titleOf(promo)}</li>
          ))}
        </ul>
      )}
    </ReasonDialog>
  )
}
