// Each condition of a promotion as it was judged: met or not, what was wanted, what was there, what is missing.
import type { JsonValue } from '../../lib/base/json.ts'
import { actions } from '../../lib/promos/actions.ts'
import { conditions } from '../../lib/promos/conditions.ts'
import type { ConditionReport } from '../../lib/promos/promo.ts'
import { locale, moment, money, type TextKey, t } from '../i18n.ts'
import { labelOf } from '../labels.ts'
import { shop } from '../shop.ts'

const moneyTypes = new Set(['total_value', 'order_total', 'total_with_delivery', 'limit_budget'])

const ownNames: Readonly<Record<string, TextKey>> = {
  state: 'state',
  window: 'part.when',
  currency: 'currency',
  product_filters: 'part.goods',
  codes: 'codes',
  limit_uses: 'limits.uses',
  limit_customer_uses: 'limits.customer',
  limit_budget: 'limits.budget',
  limit_code: 'limits.each',
  any: 'group.any',
  all: 'group.all',
  not: 'group.not',
}

function nameOf({ type }: ConditionReport): string {
  const own = ownNames[type]
  if (own) return t(own)
  if (Object.hasOwn(conditions, type)) return labelOf('conditions', type).label
  return Object.hasOwn(actions, type) ? labelOf('actions', type).label : type
}

const isInstant = (text: string): boolean => /^\d{4}-\d{2}-\d{2}T.*Z$/.test(text)

function shown(value: JsonValue, type: string): string {
  if (value === null) return '—'
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (typeof value === 'number') {
    return moneyTypes.has(type) ? money(value, shop.value.currency) : value.toLocaleString(locale())
  }
  if (typeof value === 'string') return isInstant(value) ? moment(Date.parse(value), shop.value.time_zone) : value
  if (Array.isArray(value)) return value.map((entry) => shown(entry, type)).join(', ') || '—'
  return Object.entries(value)
    .map(([name, entry]) => `${boundName(name)} ${shown(entry ?? null, type)}`)
    .join(', ')
}

const boundNames: Readonly<Record<string, TextKey>> = {
  gte: 'bound.gte',
  lte: 'bound.lte',
  start: 'when.start',
  finish: 'when.finish',
  recurrence: 'when.recurrence',
}

const boundName = (name: string): string => {
  const key = boundNames[name]
  return key ? t(key) : name
}

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
              <dt>{t('wanted')}</dt>
              <dd>{shown(report.wanted, report.type)}</dd>
              <dt>{t('actual')}</dt>
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
