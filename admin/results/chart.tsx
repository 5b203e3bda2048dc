// Stacked bars, a day each, as SVG without a library; the same numbers stand in a table for who cannot see them.

import { day, locale, t } from '../i18n.ts'
import { useId } from '../signals.ts'
import { ceilingOf } from './ceiling.ts'

export type Series = { name: string; values: readonly number[] }

type Props = { title: string; days: readonly string[]; series: readonly Series[]; show: (value: number) => string }

const height = 220
const foot = 22

export function Chart({ title, days, series, show }: Props) {
  const id = useId()
  const sums = days.map((_, i) => series.reduce((sum, { values }) => sum + Math.max(0, values[i] ?? 0), 0))
  const top = ceilingOf(Math.max(...sums, 0))
  const isEmpty = sums.every((sum) => sum === 0)
  return (
    <figure class="card chart" aria-labelledby={id}>
      <figcaption id={id}>
        <h2>{title}</h2>
      </figcaption>
      {isEmpty ? (
        <p class="help">{t('results.none')}</p>
      ) : (
        <>
          <Bars days={days} series={series} top={top} show={show} />
          <ul class="legend">
            {series.map(({ name }, i) => (
              <li key={name}>
                <svg class="swatch" aria-hidden="true">
                  <rect class={`series-${(i % 6) + 1}`} width="100%" height="100%" rx="3" />
                </svg>
                {name}
              </li>
            ))}
          </ul>
        </>
      )}
      <details class="more">
        <summary>{t('results.table')}</summary>
        <Table days={days} series={series} show={show} title={title} />
      </details>
    </figure>
  )
}

function Bars({ days, series, top, show }: Omit<Props, 'title'> & { top: number }) {
  const width = 100 / days.length
  const plot = height - foot
  const y = (value: number): number => plot - (plot - 12) * (value / top)
  const labels = Math.ceil(days.length / 7)
  const format = new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', day: 'numeric', month: 'short' })
  return (
    <div class="bars" aria-hidden="true">
      <svg height={height} aria-hidden="true">
        {shares.map((share) => (
          <text key={share} class="axis" x="100%" text-anchor="end" y={y(top * share) + 4}>
            {show(top * share)}
          </text>
        ))}
      </svg>
      <svg height={height} aria-hidden="true">
        {shares.map((share) => (
          <line key={share} class="grid-line" x1="0" x2="100%" y1={y(top * share)} y2={y(top * share)} />
        ))}
        {days.map((name, i) => {
          let base = 0
          return (
            <g key={name}>
              {series.map(({ name: label, values }, s) => {
                const value = Math.max(0, values[i] ?? 0)
                base += value
                return value === 0 ? null : (
                  <rect
                    key={label}
                    class={`series-${(s % 6) + 1}`}
                    x={`${(i + 0.12) * width}%`}
                    width={`${width * 0.76}%`}
                    y={y(base)}
                    height={y(base - value) - y(base)}
                  >
                    <title>{`${label}, ${day(Date.parse(name), 'UTC')}: ${show(value)}`}</title>
                  </rect>
                )
              })}
              {i % labels === 0 && (
                <text class={(i / labels) % 2 === 1 ? 'axis odd' : 'axis'} x={`${i * width}%`} y={height - 6}>
                  {format.format(Date.parse(name))}
                </text>
              )}
            </g>
          )
        })}
      </svg>
    </div>
  )
}

const shares = [0, 0.5, 1]

const Table = ({ title, days, series, show }: Props) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
  <section class="scroll" tabIndex={0} aria-label={title}>
    <table class="plain">
      <caption class="hidden">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{t('results.day')}</th>
          {series.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.map((name, i) => (
          <tr key={name}>
            <th scope="row">{day(Date.parse(name), 'UTC')}</th>
            {series.map((entry) => (
              <td key={entry.name}>{show(entry.values[i] ?? 0)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)
