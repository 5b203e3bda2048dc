// The editor: the three parts of a promotion - goods, order, discount - and what follows from them beside.

import { asApiError, request } from '../api.ts'
import { moment, t } from '../i18n.ts'
import { say } from '../parts/toast.tsx'
import { errorText } from '../problems.ts'
import { freeId, type Promo } from '../promo-view.ts'
import { go, paths } from '../router.ts'
import { promos, readShop, shop } from '../shop.ts'
import { useSignal, useSignalEffect, useStart } from '../signals.ts'
import { Aside } from './aside.tsx'
import type { Config } from './config-tree.ts'
import { EditorHeader } from './editor-header.tsx'
import { config, isChanged, openEditor, restored } from './editor-state.ts'
import { newWorkKey, workOf } from './kept-work.ts'
import { Sections } from './sections.tsx'
import { forgetAll } from './stash.ts'

type Props = { id?: string; from?: string }

/** A new promotion begins as a draft that says nothing but that something is to be taken off. */
const blank = (): Config => ({ state: 'draft', actions: [{ type: 'percent_off' }] })

function copyOf({ id, config: original }: Promo): Config {
  const taken = new Set((promos.value ?? []).map((promo) => promo.id))
  const title = t('copy.title', { title: original.title ?? id })
  return { ...original, id: freeId(`${id}-copy`, taken), title, state: 'draft' }
}

/** Opens what is asked for: unsaved work first, else what the shop has. */
async function open({ id, from }: Props): Promise<void> {
  forgetAll()
  void readShop()
  if (id === undefined) {
    const key = newWorkKey(from)
    const begun: Config = from ? copyOf(await request<Promo>(`/promos/${encodeURIComponent(from)}`)) : blank()
    openEditor(key, '', { version: 0, config: begun }, workOf(key))
    return
  }
  const current = await request<Promo>(`/promos/${encodeURIComponent(id)}`)
  const work = workOf(id)
  const base = { version: current.version, config: current.config as Config }
  if (work && work.base !== 0 && work.base !== current.version) {
    // Begun on an older version: saving will find the conflict and show both.
    const old = await request<Promo>(`/promos/${encodeURIComponent(id)}?version=${work.base}`)
    openEditor(id, id, { version: work.base, config: old.config as Config }, work, current.version)
  } else {
    openEditor(id, id, base, work)
  }
}

/** Says that this is unsaved work from another time, and whether somebody has saved since. */
function Restored() {
  const work = restored.value
  if (!work || !isChanged.value) return null
  return (
    <p class="notice warn restored">
      {t('kept.restored', { at: moment(work.atMs, shop.value.time_zone) })}
      {work.isOutdated && ` ${t('kept.oldVersion')}`}
    </p>
  )
}

export function EditorPage({ id, from }: Props) {
  const state = useSignal<'loading' | 'ready' | string>('loading')
  useStart(() => {
    open({ ...(id === undefined ? {} : { id }), ...(from === undefined ? {} : { from }) }).then(
      () => {
        state.value = 'ready'
      },
      (error) => {
        state.value = errorText(asApiError(error))
      },
    )
  })
  // Whoever goes elsewhere in the page is told where the work is.
  useStart(() => () => {
    if (!isChanged.value) return
    const back = id === undefined ? (from === undefined ? paths.new : paths.copy(from)) : paths.edit(id)
    say(t('kept'), 'good', { label: t('kept.back'), act: () => go(back) })
  })
  useSignalEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault()
    if (!isChanged.value) return
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  })
  if (state.value === 'loading') return <p class="loading">{t('loading')}</p>
  if (state.value !== 'ready') {
    return (
      <div class="notice bad" role="alert">
        <p>{state.value}</p>
        <a class="button" href={paths.list}>
          {t('nav.list')}
        </a>
      </div>
    )
  }
  return (
    <>
      <EditorHeader />
      <Restored />
      <div class="editor" id="editor">
        <Sections value={config.value} />
        <Aside />
      </div>
    </>
  )
}
