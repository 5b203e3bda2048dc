// When: start and finish on the clock of a named time zone, and hours that recur.

import { toInstant } from '../../lib/base/time.ts'
import { isTimeZone, readTime, wallAt } from '../../lib/base/zones.ts'
import { weekdays } from '../../lib/promos/window.ts'
import { locale, moment, t } from '../i18n.ts'
import { shop } from '../shop.ts'
import { useSignal } from '../signals.ts'
import { type Config, type Path, pointerOf, valueAt, withValueAt } from './config-tree.ts'
import { config, setAt, setConfig, setUnfinished } from './editor-state.ts'
import { type Control, ErrorsAt, Field, Suggestions } from './fields.tsx'
import { More } from './more.tsx'
import { recall, remember } from './stash.ts'

const dayForm = /^\d{4}-\d{2}-\d{2}$/
const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/

/** A time without its zone is no time: the first one writes the zone beside it. */
function setTime(field: 'start' | 'finish', value: string | undefined): void {
  const next = withValueAt(config.value, [field], value)
  const zone = valueAt(next, ['time_zone'])
  setConfig(value !== undefined && zone === undefined ? { ...next, time_zone: shop.value.time_zone } : next)
}

/** A day without its hour is no value to the browser: said, so that it is not saved as if nothing had been written. */
const noteHalf = (path: Path, { validity }: HTMLInputElement, asks: string): void =>
  setUnfinished(path, validity.badInput ? asks : undefined)

// Browsers tell of the first half of a value by nothing else.
const leaving =
  (control: Control, path: Path, asks: string) =>
  (event: { currentTarget: HTMLInputElement }): void => {
    noteHalf(path, event.currentTarget, asks)
    control.onBlur()
  }

function TimeField({ field }: { field: 'start' | 'finish' }) {
  const path = [field]
  const value = valueAt(config.value, path)
  const text = typeof value === 'string' ? value : ''
  const isDay = text === '' ? recall(`${field}#kind`) !== 'time' : dayForm.test(text)
  // Somebody wrote another form (an offset, seconds): shown as it is.
  const isOther = text !== '' && !dayForm.test(text) && !timeForm.test(text)
  const chooseKind = (isWholeDay: boolean): void => {
    remember(`${field}#kind`, isWholeDay ? 'day' : 'time')
    setUnfinished(path, undefined)
    if (text === '') {
      setAt(path, undefined)
      return
    }
    if (isWholeDay) remember(`${field}#time`, text.slice(11, 16))
    const time = String(recall(`${field}#time`) ?? (field === 'start' ? '00:00' : '23:59'))
    setTime(field, isWholeDay ? text.slice(0, 10) : `${text.slice(0, 10)}T${time}`)
  }
  const asks = 'must be a day such as 2030-11-29'
  const write = (event: { currentTarget: HTMLInputElement }): void => {
    // A time that is half written is none yet, and must stay one that asks for hours.
    remember(`${field}#kind`, isDay ? 'day' : 'time')
    setTime(field, event.currentTarget.value || undefined)
    noteHalf(path, event.currentTarget, asks)
  }
  return (
    <Field path={path} label={t(`when.${field}`)} help={t(`when.${field}.help`)}>
      {(control) => (
        <span class="row">
          {isOther ? (
            <input {...control} value={text} onInput={write} />
          ) : (
            <input
              {...control}
              type={isDay ? 'date' : 'datetime-local'}
              value={text}
              onInput={write}
              onBlur={leaving(control, path, asks)}
            />
          )}
          {!isOther && (
            <label class="check">
              <input type="checkbox" checked={isDay} onChange={(event) => chooseKind(event.currentTarget.checked)} />
              {t('when.wholeDay')}
            </label>
          )}
          <SkippedTime text={text} />
          {text !== '' && (
            <button type="button" class="quiet" onClick={() => setTime(field, undefined)}>
              {t(`when.${field}.none`)}
            </button>
          )}
        </span>
      )}
    </Field>
  )
}

/** Clocks that are put forward skip an hour: the time that counts in place of one that they never show. */
function SkippedTime({ text }: { text: string }) {
  const zone = String(valueAt(config.value, ['time_zone']) ?? shop.value.time_zone)
  const ms = timeForm.test(text) && isTimeZone(zone) ? readTime(text, zone)?.ms : undefined
  if (ms === undefined || toInstant(wallAt(zone, ms)).startsWith(text)) return null
  return <span class="help">{t('when.skipped', { at: moment(ms, zone) })}</span>
}

const zones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')]

// 2024-01-01 was a Monday.
const weekdayName = (index: number): string =>
  new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + index))

const hourForm = /^(?:[01]\d|2[0-3]):[0-5]\d$/

/** `24:00`, the end of a day, is no time that a browser's field takes: it is a text until it is another, and left. */
function HourInput({ control, path, value }: { control: Control; path: Path; value: unknown }) {
  const isWritten = useSignal(false)
  const text = typeof value === 'string' ? value : ''
  const asks = 'must be a time of day such as 09:30'
  const write = (event: { currentTarget: HTMLInputElement }): void => {
    setAt(path, event.currentTarget.value || undefined)
    noteHalf(path, event.currentTarget, asks)
  }
  if (!isWritten.value && (text === '' || hourForm.test(text))) {
    return <input {...control} type="time" value={text} onInput={write} onBlur={leaving(control, path, asks)} />
  }
  return (
    <input
      {...control}
      value={text}
      onInput={(event) => {
        isWritten.value = true
        write(event)
      }}
      onBlur={() => {
        isWritten.value = false
        control.onBlur()
      }}
    />
  )
}

function Recurrence() {
  const path: Path = ['recurrence']
  const value = (valueAt(config.value, path) ?? {}) as Config
  const days = Array.isArray(value.weekdays) ? (value.weekdays as string[]) : []
  const toggle = (name: string): void => {
    const next = weekdays.filter((other) => (other === name ? !days.includes(name) : days.includes(other)))
    setAt([...path, 'weekdays'], next.length === 0 ? undefined : next)
  }
  return (
    <fieldset class="group" id={pointerOf(path)}>
      <legend>{t('when.recurrence')}</legend>
      <div class="row days">
        {weekdays.map((name, i) => (
          <label class="day" key={name}>
            <input type="checkbox" checked={days.includes(name)} onChange={() => toggle(name)} />
            {weekdayName(i)}
          </label>
        ))}
      </div>
      <div class="grid">
        {(['from', 'to'] as const).map((end) => (
          <Field key={end} path={[...path, end]} label={t(`when.hour.${end}`)}>
            {(control) => <HourInput control={control} path={[...path, end]} value={value[end]} />}
          </Field>
        ))}
      </div>
      <p class="help">{t('when.recurrence.help')}</p>
      <ErrorsAt path={path} />
    </fieldset>
  )
}

export function WhenSection() {
  // Some four hundred, so not before somebody looks for one.
  const isAsked = useSignal(false)
  const zone = valueAt(config.value, ['time_zone'])
  return (
    <div class="stack">
      <div class="grid">
        <TimeField field="start" />
        <TimeField field="finish" />
        <Field path={['time_zone']} label={t('when.zone')} help={t('when.zone.help', { zone: shop.value.time_zone })}>
          {(control) => (
            <>
              <input
                {...control}
                list="zones"
                onFocus={() => {
                  isAsked.value = true
                }}
                value={typeof zone === 'string' ? zone : ''}
                placeholder={shop.value.time_zone}
                onInput={(event) => setAt(['time_zone'], event.currentTarget.value || undefined)}
              />
              <Suggestions id="zones" values={isAsked.value ? zones() : []} />
            </>
          )}
        </Field>
      </div>
      <More title={t('when.recurrence')} isUsed={valueAt(config.value, ['recurrence']) !== undefined}>
        <Recurrence />
      </More>
    </div>
  )
}
