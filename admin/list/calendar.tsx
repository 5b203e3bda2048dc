// What runs when: a bar for each promotion over the days of some weeks; below them how many run at once.
import { dayMs } from '../../lib/base/time.ts'
import { startOfDay } from '../../lib/base/zones.ts'
import { day, locale, t } from '../i18n.ts'
import { WeeksSelect } from '../parts/weeks-select.tsx'
import { type Promo, standings, titleOf, windowOf } from '../promo-view.ts'
import { paths } from '../router.ts'
import { promos, shop } from '../shop.ts'
import { useSignal } from '../signals.ts'
import { standing, whenOf } from '../words.ts'
import { barOf, overlaps } from './calendar-rows.ts'
import { StandingBadge } from './promo-row.tsx'

const weekMs = 7 * dayMs
const spans = [14, 42, 91, 365] as const

export function Calendar() {
  const zone = shop.value.time_zone
  const length = useSignal<number>(42)
  const back = useSignal(7)
  const withDrafts = useSignal(false)
  const today = startOfDay(zone, new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(Date.now()))
  const startMs = today - back.value * dayMs
  const span = { startMs, finishMs: startMs + length.value * dayMs }
  const rows = (promos.value ?? [])
    .filter((promo) => withDrafts.value || promo.state !== 'draft')
    .map((promo) => ({ promo, window: windowOf(promo.config, zone) }))
    .flatMap((row) => {
      const bar = barOf(row.window, span)
      return bar ? [{ ...row, bar }] : []
    })
    .toSorted((a, b) => a.window.startMs - b.window.startMs || rank(a.promo) - rank(b.promo))
  const days = Array.from({ length: length.value }, (_, i) => startMs + i * dayMs)
  const running = rows.filter(({ promo }) => promo.state !== 'draft').map(({ window }) => window)
  const counts = overlaps(running, days, dayMs)
  const now = ((Date.now() - startMs) / (length.value * dayMs)) * 100
  const move = (days: number): void => {
    back.value -= days
  }
  return (
    <>
      <div class="heading">
        <h1>{t('nav.calendar')}</h1>
        <div class="row">
          <button type="button" class="icon" aria-label={t('calendar.earlier')} onClick={() => move(-length.value / 2)}>
            ←
          </button>
          <button
            type="button"
            onClick={() => {
              back.value = 7
            }}
          >
            {t('calendar.today')}
          </button>
          <button type="button" class="icon" aria-label={t('calendar.later')} onClick={() => move(length.value / 2)}>
            →
          </button>
          <WeeksSelect label={t('calendar.length')} days={length} spans={spans} />
          <label class="check">
            <input
              type="checkbox"
              checked={withDrafts.value}
              onChange={(event) => {
                withDrafts.value = event.currentTarget.checked
              }}
            />
            {t('calendar.drafts')}
          </label>
        </div>
      </div>
      <p class="when">
        {day(span.startMs, zone)} – {day(span.finishMs - 1, zone)} ({zone})
      </p>
      {rows.length === 0 ? (
        <p class="empty">{t('calendar.none')}</p>
      ) : (
        <div class="calendar">
          <Scale startMs={startMs} finishMs={span.finishMs} />
          <ul>
            {rows.map(({ promo, bar }) => (
              <li key={promo.id}>
                <p class="name">
                  <a href={paths.edit(promo.id)}>{titleOf(promo)}</a> <StandingBadge name={standing(promo)} />
                  <span class="when">{whenOf(promo.config)}</span>
                </p>
                <svg class="track" aria-hidden="true" preserveAspectRatio="none">
                  <Weeks startMs={startMs} finishMs={span.finishMs} />
                  <rect
                    class={`span ${standing(promo)}`}
                    x={`${bar.from}%`}
                    width={`${bar.width}%`}
                    y="20%"
                    height="60%"
                    rx="5"
                  />
                  {promo.config.recurrence && (
                    <rect class="recurs" x={`${bar.from}%`} width={`${bar.width}%`} y="20%" height="60%" rx="5" />
                  )}
                  {now >= 0 && now <= 100 && <line class="now" x1={`${now}%`} x2={`${now}%`} y1="0" y2="100%" />}
                </svg>
              </li>
            ))}
          </ul>
          <Overlaps counts={counts} days={days} />
        </div>
      )}
    </>
  )
}

const rank = (promo: Promo): number => standings.indexOf(standing(promo))

/** About eight marks, whatever the span. */
function marksOf(startMs: number, finishMs: number): { ms: number; at: number }[] {
  const step = Math.max(1, Math.round((finishMs - startMs) / weekMs / 8)) * weekMs
  const marks: { ms: number; at: number }[] = []
  for (let ms = startMs; ms < finishMs; ms += step)
    marks.push({ ms, at: (100 * (ms - startMs)) / (finishMs - startMs) })
  return marks
}

const Scale = ({ startMs, finishMs }: { startMs: number; finishMs: number }) => {
  const format = new Intl.DateTimeFormat(locale(), { timeZone: shop.value.time_zone, day: 'numeric', month: 'short' })
  return (
    <svg class="scale" aria-hidden="true">
      {marksOf(startMs, finishMs).map(({ ms, at }) => (
        <text key={ms} x={`${at}%`} dx="2" y="14">
          {format.format(ms)}
        </text>
      ))}
    </svg>
  )
}

const Weeks = ({ startMs, finishMs }: { startMs: number; finishMs: number }) => (
  <>
    {marksOf(startMs, finishMs).map(({ ms, at }) => (
      <line key={ms} class="week" x1={`${at}%`} x2={`${at}%`} y1="0" y2="100%" />
    ))}
  </>
)

/** How many at once: a bar a day, and in words where the most are. */
function Overlaps({ counts, days }: { counts: readonly number[]; days: readonly number[] }) {
  const most = Math.max(...counts, 1)
  const busiest = counts.indexOf(Math.max(...counts))
  const width = 100 / counts.length
  return (
    <div class="overlaps">
      <p class="name">
        {t('calendar.overlaps')}
        <span class="when">
          {t('calendar.busiest', { n: counts[busiest] ?? 0, day: day(days[busiest] ?? 0, shop.value.time_zone) })}
        </span>
      </p>
      <svg class="track tall" aria-hidden="true">
        {counts.map((count, i) => (
          <rect
            key={days[i]}
            class="load"
            x={`${i * width}%`}
            width={`${width * 0.86}%`}
            y={`${100 - (100 * count) / most}%`}
            height={`${(100 * count) / most}%`}
          />
        ))}
      </svg>
    </div>
  )
}
