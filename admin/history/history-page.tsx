// Who changed a promotion, when, why and what; any version can be in force again, as a new one.
import { useSignal } from '@preact/signals'
import { Fragment } from 'preact'
import { useEffect } from 'preact/hooks'
import type { PromoConfig } from '../../lib/promos/config.ts'
import type { PromoEntry } from '../../lib/shop/admin-types.ts'
import { allPages, asApiError, request } from '../api.ts'
import { changesOf } from '../changes-text.ts'
import { moment, t } from '../i18n.ts'
import { ReasonDialog } from '../parts/reason-dialog.tsx'
import { say } from '../parts/toast.tsx'
import { errorText } from '../problems.ts'
import { paths } from '../router.ts'
import { readPromos, shop } from '../shop.ts'
import { sentenceOf } from '../words.ts'

type Version = PromoEntry & { config: PromoConfig }

/** Versions that are shown at first; older ones on demand. */
const pageSize = 20

export function HistoryPage({ id }: { id: string }) {
  const versions = useSignal<readonly PromoEntry[]>([])
  const configs = useSignal<ReadonlyMap<number, PromoConfig>>(new Map())
  const shown = useSignal(pageSize)
  const problem = useSignal<string | undefined>(undefined)
  const rollingBack = useSignal<PromoEntry | undefined>(undefined)
  const path = `/promos/${encodeURIComponent(id)}`
  const read = async (): Promise<void> => {
    versions.value = await allPages<PromoEntry>(`${path}/versions?limit=100`, 10_000)
  }
  useEffect(() => {
    read().catch((error) => {
      problem.value = errorText(asApiError(error))
    })
  }, [])
  const visible = versions.value.slice(0, shown.value)
  const wanted = versions.value.slice(0, shown.value + 1).map(({ version }) => version)
  useEffect(() => {
    const missing = wanted.filter((version) => !configs.value.has(version))
    if (missing.length === 0) return
    Promise.all(missing.map((version) => request<Version>(`${path}?version=${version}`))).then(
      (answers) => {
        configs.value = new Map([...configs.value, ...answers.map(({ version, config }) => [version, config] as const)])
      },
      () => undefined,
    )
  }, [wanted.join()])
  if (problem.value) {
    return (
      <p class="notice bad" role="alert">
        {problem.value}
      </p>
    )
  }
  const [current] = versions.value
  return (
    <Fragment>
      <div class="heading">
        <h1>{t('history.of', { title: current?.title ?? id })}</h1>
        <a class="button" href={paths.edit(id)}>
          {t('history.edit')}
        </a>
      </div>
      <ol class="history">
        {visible.map((entry) => (
          <Entry
            key={entry.version}
            entry={entry}
            config={configs.value.get(entry.version)}
            before={entry.version === 1 ? {} : configs.value.get(entry.version - 1)}
            isCurrent={entry === current}
            onRollBack={() => {
              rollingBack.value = entry
            }}
          />
        ))}
      </ol>
      {versions.value.length > shown.value && (
        <button
          type="button"
          onClick={() => {
            shown.value += pageSize
          }}
        >
          {t('list.more')}
        </button>
      )}
      {rollingBack.value && current && (
        <RollBack
          id={id}
          to={rollingBack.value}
          current={current.version}
          onDone={read}
          onClose={() => {
            rollingBack.value = undefined
          }}
        />
      )}
    </Fragment>
  )
}

type EntryProps = {
  entry: PromoEntry
  config: PromoConfig | undefined
  before: object | undefined
  isCurrent: boolean
  onRollBack: () => void
}

function Entry({ entry, config, before, isCurrent, onRollBack }: EntryProps) {
  const { version, state, saved_at, saved_by, reason, rolled_back_to } = entry
  const isFirst = version === 1
  return (
    <li class="card">
      <div class="spread">
        <h2>
          {t('version', { n: version })} <span class={`badge ${state}`}>{t(`standing.${state}`)}</span>
          {isCurrent && <span class="badge">{t('history.current')}</span>}
        </h2>
        {!isCurrent && (
          <button type="button" aria-label={t('rollBack.to', { n: version })} onClick={onRollBack}>
            {t('rollBack')}
          </button>
        )}
      </div>
      <p class="when">
        {t('history.by', { name: saved_by, at: moment(Date.parse(saved_at), shop.value.time_zone) })}
        {rolled_back_to !== undefined && ` · ${t('history.rolledBack', { n: rolled_back_to })}`}
      </p>
      <p class="reason">“{reason}”</p>
      {config && isFirst && <p>{sentenceOf(config)}</p>}
      {config && before && !isFirst && (
        <ul class="changes">
          {changesOf(before, config).map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </li>
  )
}

type RollBackProps = {
  id: string
  to: PromoEntry
  current: number
  onDone: () => Promise<void>
  onClose: () => void
}

function RollBack({ id, to, current, onDone, onClose }: RollBackProps) {
  const { version, state } = to
  const roll = async (reason: string): Promise<void> => {
    await request(`/promos/${encodeURIComponent(id)}/rollback`, {
      method: 'POST',
      body: { to: version, expected_version: current, reason },
    })
    say(t('rollBack.done', { n: version }))
    await Promise.all([onDone(), readPromos()])
  }
  return (
    <ReasonDialog
      title={t('rollBack.to', { n: version })}
      reason=""
      action={t('rollBack')}
      onConfirm={roll}
      onClose={onClose}
    >
      <p>{t('rollBack.text', { n: version, state: t(`standing.${state}`) })}</p>
    </ReasonDialog>
  )
}
