// Above the form: what is edited, its state, and what can be done with it. It stays in sight.

import { states } from '../../lib/promos/config.ts'
import { t } from '../i18n.ts'
import { PauseDialog } from '../list/pause-dialog.tsx'
import { StandingBadge } from '../list/promo-row.tsx'
import { hush, say } from '../parts/toast.tsx'
import { titleOf } from '../promo-view.ts'
import { go, paths } from '../router.ts'
import { promos } from '../shop.ts'
import { useRef, useSignal, useStart } from '../signals.ts'
import { standing } from '../words.ts'
import { ConflictDialog } from './conflict-dialog.tsx'
import {
  base,
  config,
  focusOn,
  isChanged,
  isNew,
  issues,
  jsonProblem,
  promoId,
  setAt,
  setConfig,
  showsAll,
  workKey,
} from './editor-state.ts'
import { forgetWork } from './kept-work.ts'
import { SaveDialog } from './save-dialog.tsx'

export function EditorHeader() {
  const open = useSignal<'save' | 'pause' | 'conflict' | undefined>(undefined)
  const heading = useRef<HTMLHeadingElement>()
  useStart(() => {
    heading.current?.focus()
  })
  const close = (): void => {
    open.value = undefined
  }
  const save = (): void => {
    showsAll.value = true
    const pointer = jsonProblem.value === '' ? issues.value[0]?.pointer : 'json'
    if (pointer === undefined) {
      hush()
      open.value = 'save'
      return
    }
    say(t('save.faults'), 'bad')
    focusOn(pointer)
  }
  const saved = promos.value?.find(({ id }) => id === promoId.value)
  const title = typeof config.value.title === 'string' && config.value.title ? config.value.title : promoId.value
  return (
    <div class="bar-top">
      <div class="titles">
        <h1 ref={heading} tabIndex={-1}>
          {title || t('list.new')} {saved && <StandingBadge name={standing(saved)} />}
        </h1>
        <p class="when">
          {isNew.value ? t('version.none') : t('version', { n: base.value.version })}
          {isChanged.value && <span class="badge unsaved">{t('unsaved')}</span>}
        </p>
      </div>
      <StateChoice />
      <div class="buttons">
        {!isNew.value && (
          <a class="button quiet" href={paths.history(promoId.value)}>
            {t('history')}
          </a>
        )}
        {isChanged.value && (
          <button type="button" class="quiet" onClick={discard}>
            {t('discard')}
          </button>
        )}
        {saved && saved.state !== 'draft' && (
          <button
            type="button"
            class="danger"
            onClick={() => {
              open.value = 'pause'
            }}
          >
            {t('pause')}
          </button>
        )}
        <button
          type="button"
          class="primary"
          onClick={save}
          disabled={!isChanged.value && !isNew.value && jsonProblem.value === ''}
        >
          {t('save')}
        </button>
      </div>
      {open.value === 'save' && (
        <SaveDialog
          onClose={() => {
            // A conflict has taken its place.
            if (open.value === 'save') close()
          }}
          onConflict={() => {
            open.value = 'conflict'
          }}
        />
      )}
      {open.value === 'conflict' && <ConflictDialog onClose={close} />}
      {open.value === 'pause' && saved && (
        <PauseDialog what={[saved]} onClose={close} onDone={() => takeOver(saved.id, titleOf(saved))} />
      )}
    </div>
  )
}

/** What was edited goes back to what is saved; it can be had again, in case it was a slip. */
function discard(): void {
  const work = config.value
  setConfig(base.value.config)
  forgetWork(workKey.value)
  say(t('discarded'), 'good', { label: t('undo'), act: () => setConfig(work) })
}

// After a pause the saved version is one higher; what is being edited goes on from there.
function takeOver(id: string, title: string): void {
  const now = promos.value?.find((promo) => promo.id === id)
  if (!now) return
  const changed = isChanged.value
  base.value = { version: now.version, config: now.config }
  if (changed) setAt(['state'], 'draft')
  else setConfig(now.config)
  say(t('paused.it', { title }))
  go(paths.edit(id))
}

function StateChoice() {
  const state = config.value.state ?? 'draft'
  return (
    <fieldset class="states" id="/state">
      <legend class="hidden">{t('state')}</legend>
      {states.map((name) => (
        <label key={name} class={name === state ? `state on ${name}` : 'state'} title={t(`state.${name}.help`)}>
          <input type="radio" name="state" checked={name === state} onChange={() => setAt(['state'], name)} />
          {t(`standing.${name}`)}
        </label>
      ))}
    </fieldset>
  )
}
