// The last look before saving: what changes in words, from when customers get it, and why.
import type { PromoConfig } from '../../lib/promos/config.ts'
import { type ApiError, asApiError } from '../api.ts'
import { changesOf } from '../changes-text.ts'
import { t } from '../i18n.ts'
import { ReasonDialog } from '../parts/reason-dialog.tsx'
import { say } from '../parts/toast.tsx'
import { go, paths } from '../router.ts'
import { savePromo } from '../shop.ts'
import { sentenceOf, whenOf } from '../words.ts'
import { base, config, focusOn, isNew, promoId, serverIssues, setConfig, warnings, workKey } from './editor-state.ts'
import { forgetWork } from './kept-work.ts'

type Props = { onClose: () => void; onConflict: () => void }

export function SaveDialog({ onClose, onConflict }: Props) {
  const next = config.value as PromoConfig
  const state = next.state ?? 'draft'
  const changes = isNew.value ? [] : changesOf(base.value.config, config.value)
  const save = async (reason: string): Promise<void> => {
    const id = isNew.value ? String(next.id ?? '') : promoId.value
    try {
      const saved = await savePromo(id, { config: next, expected_version: base.value.version, reason })
      forgetWork(workKey.value)
      const wasNew = isNew.value
      base.value = { version: saved.version, config: saved.config }
      promoId.value = id
      workKey.value = id
      setConfig(saved.config)
      say(t(`saved.${saved.state}`, { n: saved.version }))
      if (wasNew) go(paths.edit(id))
    } catch (error) {
      meet(asApiError(error), onConflict)
    }
  }
  return (
    <ReasonDialog
      title={t('save.title')}
      reason={isNew.value ? t('save.first') : ''}
      action={t(`save.${state}`)}
      onConfirm={save}
      onClose={onClose}
    >
      <p>
        <strong>{sentenceOf(next)}</strong> <span class="when">{whenOf(next)}</span>
      </p>
      <p class="help">{t(`state.${state}.help`)}</p>
      {changes.length > 0 && (
        <ul class="changes">
          {changes.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {warnings.value.length > 0 && <p class="notice warn">{t('save.warned', { n: warnings.value.length })}</p>}
    </ReasonDialog>
  )
}

/** A refusal leads to its field; another editor's save to both versions; anything else is said in the dialog. */
function meet(error: ApiError, onConflict: () => void): void {
  if (error.code === 'promo_version_conflict') {
    onConflict()
    return
  }
  if (error.code !== 'invalid_promo') throw error
  serverIssues.value = error.issues.map(({ pointer, message }) => ({
    pointer: pointer.replace(/^\/config/, ''),
    message,
  }))
  say(t('problem.invalid_promo'), 'bad')
  const [first] = serverIssues.value
  if (first) requestAnimationFrame(() => focusOn(first.pointer))
}
