// Somebody saved while this was being edited. Both are shown, field by field; nothing is lost and nothing overwritten:
// what comes out goes back into the form, and saving it is another step.

import { asApiError, request } from '../api.ts'
import { changesOf } from '../changes-text.ts'
import { moment, t } from '../i18n.ts'
import { labelOf } from '../labels.ts'
import { Dialog } from '../parts/dialog.tsx'
import { say } from '../parts/toast.tsx'
import { errorText } from '../problems.ts'
import type { Promo } from '../promo-view.ts'
import { shop } from '../shop.ts'
import { useSignal, useStart } from '../signals.ts'
import type { Config } from './config-tree.ts'
import { base, config, promoId, setConfig } from './editor-state.ts'
import { type FieldChange, fieldChanges, merged, type Side, withField } from './merge.ts'

export function ConflictDialog({ onClose }: { onClose: () => void }) {
  const theirs = useSignal<Promo | undefined>(undefined)
  const problem = useSignal('')
  const chosen = useSignal<ReadonlyMap<string, Side>>(new Map())
  const id = promoId.value || String(config.value.id ?? '')
  useStart(() => {
    request<Promo>(`/promos/${encodeURIComponent(id)}`).then(
      (answer) => {
        const changes = fieldChanges(base.value.config, config.value, answer.config)
        chosen.value = new Map(changes.flatMap(({ field, proposed }) => (proposed ? [[field, proposed]] : [])))
        theirs.value = answer
      },
      (error) => {
        problem.value = errorText(asApiError(error))
      },
    )
  })
  const other = theirs.value
  if (!other) {
    return (
      <Dialog title={t('conflict.title')} onClose={onClose}>
        <p>{problem.value || t('loading')}</p>
      </Dialog>
    )
  }
  const changes = fieldChanges(base.value.config, config.value, other.config)
  const isDecided = changes.every(({ field }) => chosen.value.has(field))
  const choose = (field: string, side: Side): void => {
    chosen.value = new Map([...chosen.value, [field, side]])
  }
  const apply = (): void => {
    const next = merged(config.value, other.config, chosen.value)
    promoId.value = id
    base.value = { version: other.version, config: other.config }
    setConfig(next)
    say(t('conflict.done'))
    onClose()
  }
  const at = moment(Date.parse(other.saved_at), shop.value.time_zone)
  return (
    <Dialog title={t('conflict.title')} onClose={onClose} wide>
      <div class="stack">
        <p>{t('conflict.text', { name: other.saved_by, at, reason: other.reason, n: other.version })}</p>
        {changes.map((change) => (
          <ChangeChoice
            key={change.field}
            change={change}
            mine={config.value}
            theirs={other.config}
            side={chosen.value.get(change.field)}
            onChoose={choose}
          />
        ))}
        <div class="buttons">
          <button type="button" class="primary" disabled={!isDecided} onClick={apply}>
            {t('conflict.apply')}
          </button>
          <button type="button" onClick={onClose}>
            {t('conflict.later')}
          </button>
        </div>
        <p class="help">{t('conflict.help')}</p>
      </div>
    </Dialog>
  )
}

type ChoiceProps = {
  change: FieldChange
  mine: Config
  theirs: Config
  side: Side | undefined
  onChoose: (field: string, side: Side) => void
}

function ChangeChoice({ change: { field, by }, mine, theirs, side, onChoose }: ChoiceProps) {
  const before = base.value.config
  return (
    <fieldset class="conflict">
      <legend>
        {labelOf('fields', field).label} {by === 'both' && <span class="badge unsaved">{t('conflict.both')}</span>}
      </legend>
      {(['mine', 'theirs'] as const).map((name) => {
        const changes = changesOf(before, withField(before, name === 'mine' ? mine : theirs, field))
        return (
          <label key={name} class={side === name ? 'choice on' : 'choice'}>
            <span class="check">
              <input
                type="radio"
                name={`side ${field}`}
                checked={side === name}
                onChange={() => onChoose(field, name)}
              />
              <strong>{t(`conflict.${name}`)}</strong>
            </span>
            {changes.length === 0 ? t('conflict.same') : changes.join(' ')}
          </label>
        )
      })}
    </fieldset>
  )
}
