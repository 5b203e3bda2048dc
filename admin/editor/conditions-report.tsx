// Each condition of a promotion as it was judged: met or not, what was wanted, what was there, what is missing.
import { isObject, type JsonObject, type JsonValue } from '../../lib/base/json.ts'
import { conditions } from '../../lib/promos/conditions.ts'
import type { Filter } from '../../lib/promos/filter-schema.ts'
import type { ConditionReport } from '../../lib/promos/promo.ts'
import { locale, moment, money, t, textOf } from '../i18n.ts'
import { labelOf } from '../labels.ts'
import { products, shop } from '../shop.ts'
import { goodsOf, whenOf } from '../words.ts'

const moneyTypes = new Set(['total_value', 'order_total', 'total_with_delivery', 'limit_budget'])

/** Of what only reports name, and of bounds. */
const ownName = (name: string): string | undefined => textOf(`report.${name}`)

function nameOf({ type }: ConditionReport): string {
  const kind = Object.hasOwn(conditions, type) ? 'conditions' : 'actions'
  return ownName(type) ?? labelOf(kind, type).label
}

const isLimit = ({ type }: ConditionReport): boolean => type.startsWith('limit_')

const isInstant = (text: string): boolean => /^\d{4}-\d{2}-\d{2}T.*Z$/.test(text)

function shown(value: JsonValue, type: string): string {
  if (value === null) return '—'
  if (type === 'product_filters' && typeof value === 'object') return shownGoods(value)
  if (type === 'window' && isObject(value) && !Array.isArray(value)) return shownWindow(value)
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (typeof value === 'number') {
    return moneyTypes.has(type) ? money(value, shop.value.currency) : value.toLocaleString(locale())
  }
  if (typeof value === 'string') return isInstant(value) ? moment(Date.parse(value), shop.value.time_zone) : value
  if (Array.isArray(value)) return value.map((entry) => shown(entry, type)).join(', ') || '—'
  return Object.entries(value)
    .map(([name, entry]) => `${ownName(name) ?? labelOf('arguments', name).label} ${shown(entry ?? null, type)}`)
    .join(', ')
}

/** Days as the fields have them: one that ends a promotion is still part of it. */
function shownWindow({ start, finish, recurrence }: JsonObject): string {
  const when = whenOf({ ...(start ? { start: String(start) } : {}), ...(finish ? { finish: String(finish) } : {}) })
  return recurrence ? `${when}, ${ownName('recurrence')} ${shown(recurrence, 'recurrence')}` : when
}

/** A filter, or the lines that it let through. */
const shownGoods = (value: JsonObject | JsonValue[]): string =>
  Array.isArray(value)
    ? value.map((line) => products.value.find(({ id }) => id === line)?.name ?? line).join(', ') || '—'
    : goodsOf(value as Filter)

export function Conditions({ reports }: { reports: readonly ConditionReport[] }) {
  if (reports.length === 0) return <p class="help">{t('conditions.none')}</p>
  return (
    <ul class="conditions">
      {reports.map((report) => (
        <li key={report.pointer + report.type} class={report.met ? 'met' : 'unmet'}>
          <p>
            <span aria-hidden="true">{report.met ? '✓' : '✗'}</span>{' '}
            <span class="hidden">{t(report.met ? 'met' : 'unmet')}:</span> <strong>{nameOf(report)}</strong>
          </p>
          {report.parts ? (
            <Conditions reports={report.parts} />
          ) : (
            <dl>
              <dt>{t(isLimit(report) ? 'limits.most' : 'wanted')}</dt>
              <dd>{shown(report.wanted, report.type)}</dd>
              <dt>{t(isLimit(report) ? 'limits.used' : 'actual')}</dt>
              <dd>{shown(report.actual, report.type)}</dd>
              {!report.met && report.missing !== null && (
                <>
                  <dt>{t('missing')}</dt>
                  <dd>{shown(report.missing, report.type)}</dd>
                </>
              )}
            </dl>
          )}
        </li>
      ))}
    </ul>
  )
}
