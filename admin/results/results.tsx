// What promotions did, from the shop's own data: redemptions, money given and orders, day by day, with a table beside.
import { dayMs } from '../../lib/base/time.ts'
import { dayOf, wallAt } from '../../lib/base/zones.ts'
import type { PromoStatistics, StatisticsDay } from '../../lib/shop/admin-types.ts'
import { asApiError, request } from '../api.ts'
import { day, locale, money, t } from '../i18n.ts'
import { WeeksSelect } from '../parts/weeks-select.tsx'
import { errorText } from '../problems.ts'
import { titleOf } from '../promo-view.ts'
import { promos, shop } from '../shop.ts'
import { useSignal, useSignalEffect } from '../signals.ts'
import { Chart, type Series } from './chart.tsx'

const spans = [7, 14, 28, 91] as const
const metrics = ['redemptions', 'given', 'orders'] as const
type Metric = (typeof metrics)[number]

/** Promotions with a colour of their own; the rest are one series. */
const mostSeries = 5

type PromoDay = StatisticsDay['promos'][number]
const readers: Record<Exclude<Metric, 'orders'>, (entry: PromoDay) => number> = {
  redemptions: ({ redemptions }) => redemptions,
  given: ({ discount_minor, credit_minor }) => discount_minor + credit_minor,
}

const titleFor = (id: string): string => {
  const known = promos.value?.find((promo) => promo.id === id)
  return known ? titleOf(known) : id
}

/** One series a promotion, the largest first; what comes after the first five together. */
function seriesOf({ days }: PromoStatistics, metric: Metric, only: string): Series[] {
  if (metric === 'orders' && only === '')
    return [{ name: t('results.orders'), values: days.map(({ orders }) => orders) }]
  const read = readers[metric === 'orders' ? 'redemptions' : metric]
  const ids = [...new Set(days.flatMap(({ promos }) => promos.map(({ promo }) => promo)))]
  const all = ids
    .filter((id) => only === '' || id === only)
    .map((id) => ({
      name: titleFor(id),
      values: days.map((entry) => entry.promos.reduce((sum, part) => (part.promo === id ? sum + read(part) : sum), 0)),
    }))
    .toSorted((a, b) => total(b) - total(a))
  const rest = all.slice(mostSeries)
  if (rest.length === 0) return all
  const others = days.map((_, i) => rest.reduce((sum, { values }) => sum + (values[i] ?? 0), 0))
  return [...all.slice(0, mostSeries), { name: t('results.rest'), values: others }]
}

const total = ({ values }: Series): number => values.reduce((sum, value) => sum + value, 0)

export function Results() {
  const length = useSignal<number>(28)
  const metric = useSignal<Metric>('redemptions')
  const only = useSignal('')
  const statistics = useSignal<PromoStatistics | undefined>(undefined)
  const problem = useSignal('')
  useSignalEffect(() => {
    const zone = shop.value.time_zone
    const to = dayOf(wallAt(zone, Date.now()))
    const from = dayOf(wallAt(zone, Date.now() - (length.value - 1) * dayMs))
    request<PromoStatistics>(`/statistics/promos?from=${from}&to=${to}`).then(
      (answer) => {
        statistics.value = answer
        problem.value = ''
      },
      (error) => {
        problem.value = errorText(asApiError(error))
      },
    )
  })
  const found = statistics.value
  const ids = [...new Set((found?.days ?? []).flatMap(({ promos }) => promos.map(({ promo }) => promo)))]
  const show = (value: number): string =>
    metric.value === 'given' ? money(value, found?.currency ?? shop.value.currency) : value.toLocaleString(locale())
  return (
    <>
      <div class="heading">
        <h1>{t('nav.results')}</h1>
        <div class="row">
          <select
            aria-label={t('results.promo')}
            value={only.value}
            onChange={(event) => {
              only.value = event.currentTarget.value
            }}
          >
            <option value="">{t('results.all')}</option>
            {ids.map((id) => (
              <option key={id} value={id}>
                {titleFor(id)}
              </option>
            ))}
          </select>
          <WeeksSelect label={t('results.span')} days={length} spans={spans} />
        </div>
      </div>
      {problem.value && (
        <p class="notice bad" role="alert">
          {problem.value}
        </p>
      )}
      {found && <Sums statistics={found} />}
      <fieldset class="states">
        <legend class="hidden">{t('results.metric')}</legend>
        {metrics.map((name) => (
          <label key={name} class={metric.value === name ? 'state on' : 'state'}>
            <input
              type="radio"
              name="metric"
              checked={metric.value === name}
              onChange={() => {
                metric.value = name
              }}
            />
            {t(`results.${name}`)}
          </label>
        ))}
      </fieldset>
      {found && (
        <Chart
          title={t(`results.${metric.value}`)}
          days={found.days.map((entry) => entry.day)}
          series={seriesOf(found, metric.value, only.value)}
          show={show}
        />
      )}
    </>
  )
}

function Sums({ statistics: { days, currency, from, to, time_zone } }: { statistics: PromoStatistics }) {
  const sum = (read: (entry: StatisticsDay) => number): number => days.reduce((all, entry) => all + read(entry), 0)
  const orders = sum((entry) => entry.orders)
  const cards = [
    ['results.orders', orders.toLocaleString(locale())],
    [
      'results.paid',
      money(
        sum((entry) => entry.paid_minor),
        currency,
      ),
    ],
    [
      'results.discount',
      money(
        sum((entry) => entry.discount_minor),
        currency,
      ),
    ],
    [
      'results.credit',
      money(
        sum((entry) => entry.credit_minor),
        currency,
      ),
    ],
  ] as const
  return (
    <>
      <p class="when">
        {day(Date.parse(from), 'UTC')} – {day(Date.parse(to), 'UTC')} ({time_zone})
      </p>
      <dl class="sums">
        {cards.map(([key, text]) => (
          <div key={key} class="card">
            <dt>{t(key)}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
