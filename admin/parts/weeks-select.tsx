// How many weeks are shown, kept as days.
import type { Signal } from '@preact/signals-core'
import { tn } from '../i18n.ts'

type Props = { label: string; days: Signal<number>; spans: readonly number[] }

export const WeeksSelect = ({ label, days, spans }: Props) => (
  <select
    aria-label={label}
    value={days.value}
    onChange={(event) => {
      days.value = Number(event.currentTarget.value)
    }}
  >
    {spans.map((span) => (
      <option key={span} value={span}>
        {tn('weeks', Math.round(span / 7))}
      </option>
    ))}
  </select>
)
