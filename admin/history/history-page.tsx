// Who changed a promotion, when, why and what; any version can be in force again, as a new one.

import type { PromoEntry } from '../../lib/shop/admin-types.ts'
import { allPages, asApiError, request } from '../api.ts'
import { language, moment, t } from '../i18n.ts'
import { MoreButton } from '../parts/more-button.tsx'
import { ReasonDialog } from '../parts/reason-dialog.tsx'
import { say } from '../parts/toast.tsx'
import { errorText } from '../problems.ts'
import { paths } from '../router.ts'
import { readPromos, shop } from '../shop.ts'
import { useSignal, useSignalEffect } from '../signals.ts'

/** With what it changed, told by the shop in the reader's language. */
type Version = PromoEntry & { in_words: readonly string[] }

/** Versions that are shown at first; older ones on demand. */
const pageSize = 20

export function HistoryPage({ id }: { id: string }) {
  const versions = useSignal<readonly Version[]>([])
  const shown = useSignal(pageSize)
  const problem = useSignal<string | undefined>(undefined)
  const rollingBack = useSignal<PromoEntry | undefined>(undefined)
  const read = async (): Promise<void> => {
    const path = `/promos/${encodeURIComponent(id)}/versions?limit=100&language=${language.value}`
    versions.value = await allPages<Version>(path, 10_000)
  }
  useSignalEffect(() => {
    read().catch((error) => {
      problem.value = errorText(asApiError(error))
    })
  })
  if (problem.value) {
    return (
      <div class="notice bad" role="alert">
        <p>{problem.value}</p>
        <a class="button" href={paths.list}>
          {t('nav.list')}
        </a>
      </div>
    )
  }
  const [current] = versions.value
  return (
    <>
      <div class="heading">
        <h1>{t('history.of', { title: current?.title ?? id })}</h1>
        <a class="button" href={paths.edit(id)}>
          {t('history.edit')}
        </a>
      </div>
      <ol class="history">
        {versions.value.slice(0, shown.value).map((entry) => (
          <Entry
            key={entry.version}
            entry={entry}
            isCurrent={entry === current}
            onRollBack={() => {
              rollingBack.value = entry
            }}
          />
        ))}
      </ol>
      <MoreButton shown={shown} of={versions.value.length} step={pageSize} />
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
    </>
  )
}

type EntryProps = { entry: Version; isCurrent: boolean; onRollBack: () => void }

function Entry({ entry, isCurrent, onRollBack }: EntryProps) {
  const { version, state, saved_at, saved_by, reason, rolled_back_to, in_words } = entry
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
      <p class="reason">
        <q>{reason}</q>
      </p>
      <ul class="changes">
        {in_words.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
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
