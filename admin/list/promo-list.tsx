// All promotions: searched, filtered by their standing, paused together.

import { t, tn } from '../i18n.ts'
import { MoreButton } from '../parts/more-button.tsx'
import { errorText } from '../problems.ts'
import { matchesSearch, type Promo, type Standing, standings, titleOf } from '../promo-view.ts'
import { paths } from '../router.ts'
import { promos, promosError, readPromos } from '../shop.ts'
import { useComputed, useSignal } from '../signals.ts'
import { sentenceOf, standing } from '../words.ts'
import { PauseDialog } from './pause-dialog.tsx'
import { PromoRow } from './promo-row.tsx'

/** Rows that are drawn at once; more on demand, so that thousands do not make the page slow. */
const pageSize = 50

// "Week 9" stands before "Week 10".
const titles = new Intl.Collator(undefined, { numeric: true })

const rank = (promo: Promo): number => standings.indexOf(standing(promo))

export function PromoList() {
  const search = useSignal('')
  const state = useSignal<Standing | ''>('')
  const selected = useSignal<ReadonlySet<string>>(new Set())
  const shown = useSignal(pageSize)
  const pausing = useSignal<readonly Promo[] | 'all' | undefined>(undefined)
  const found = useComputed(() =>
    (promos.value ?? [])
      .filter((promo) => state.value === '' || standing(promo) === state.value)
      .filter((promo) => matchesSearch(promo, search.value, sentenceOf(promo.config)))
      .toSorted((a, b) => rank(a) - rank(b) || titles.compare(titleOf(a), titleOf(b))),
  )
  if (promosError.value && !promos.value) {
    return (
      <div class="notice bad" role="alert">
        <p>{errorText(promosError.value)}</p>
        <button type="button" onClick={readPromos}>
          {t('again')}
        </button>
      </div>
    )
  }
  if (!promos.value) return <p class="loading">{t('loading')}</p>
  const toggle = (id: string): void => {
    const next = new Set(selected.value)
    if (!next.delete(id)) next.add(id)
    selected.value = next
  }
  const chosen = promos.value.filter(({ id }) => selected.value.has(id))
  return (
    <>
      <div class="heading">
        <h1>{t('list.title')}</h1>
        <div class="buttons">
          {promos.value.some(({ state }) => state !== 'draft') && (
            <button
              type="button"
              class="quiet danger-text"
              onClick={() => {
                pausing.value = 'all'
              }}
            >
              {t('pauseAll')}
            </button>
          )}
          <a class="button primary" href={paths.new}>
            {t('list.new')}
          </a>
        </div>
      </div>
      {promos.value.length === 0 ? (
        <Empty />
      ) : (
        <>
          <search class="toolbar">
            <input
              type="search"
              aria-label={t('list.search')}
              placeholder={t('list.search')}
              value={search.value}
              onInput={(event) => {
                search.value = event.currentTarget.value
                shown.value = pageSize
              }}
            />
            <select
              aria-label={t('list.state')}
              value={state.value}
              onChange={(event) => {
                state.value = event.currentTarget.value as Standing | ''
              }}
            >
              <option value="">{t('list.all')}</option>
              {standings.map((name) => (
                <option key={name} value={name}>
                  {t(`standing.${name}`)} ({promos.value?.filter((promo) => standing(promo) === name).length})
                </option>
              ))}
            </select>
            <p class="count" role="status">
              {tn('list.count', found.value.length)}
            </p>
          </search>
          {chosen.length > 0 && (
            <div class="bulk">
              <strong>{tn('list.selected', chosen.length)}</strong>
              <button
                type="button"
                onClick={() => {
                  pausing.value = chosen
                }}
              >
                {t('pause')}
              </button>
              <button
                type="button"
                class="quiet"
                onClick={() => {
                  selected.value = new Set()
                }}
              >
                {t('list.clear')}
              </button>
            </div>
          )}
          <ul class="promos">
            {found.value.slice(0, shown.value).map((promo) => (
              <PromoRow
                key={promo.id}
                promo={promo}
                isSelected={selected.value.has(promo.id)}
                onSelect={() => toggle(promo.id)}
                onPause={() => {
                  pausing.value = [promo]
                }}
              />
            ))}
          </ul>
          <MoreButton shown={shown} of={found.value.length} step={pageSize} />
          {found.value.length === 0 && <p class="empty">{t('list.none')}</p>}
        </>
      )}
      {pausing.value && (
        <PauseDialog
          what={pausing.value}
          onClose={() => {
            pausing.value = undefined
          }}
          onDone={() => {
            selected.value = new Set()
          }}
        />
      )}
    </>
  )
}

const Empty = () => (
  <div class="empty">
    <span class="awning big" aria-hidden="true" />
    <h2>{t('empty.title')}</h2>
    <p>{t('empty.text')}</p>
    <a class="button primary" href={paths.new}>
      {t('list.new')}
    </a>
  </div>
)
