// What a cart comes to: line by line, this promotion's conditions with wanted, found and missing, and the others.
import { readTime } from '../../lib/base/zones.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import type { AllocatedLine, Allocation, AppliedPromo, RefusedPromo } from '../../lib/promos/allocation.ts'
import type { PromoConfig } from '../../lib/promos/config.ts'
import { type ExplainedPromo, explain } from '../../lib/promos/explain.ts'
import { language, money, t, tn } from '../i18n.ts'
import { titleOf } from '../promo-view.ts'
import { products, promos, shop } from '../shop.ts'
import { cart, orderOf } from './cart.ts'
import { Conditions } from './conditions-report.tsx'
import { config, issues, otherPromos, promoId } from './editor-state.ts'
import { Lowest } from './matching-goods.tsx'
import { previewSet } from './preview-set.ts'

/** The id that the promotion has while it is tried; a new one may have none yet. */
const ownId = (): string => promoId.value || String(config.value.id ?? '') || 'preview'

function tried(): { allocation: Allocation; explained: ExplainedPromo[] } {
  const { time_zone: timeZone } = shop.value
  const own = { id: ownId(), version: 0, state: 'live' as const, config: config.value as PromoConfig }
  const others = otherPromos.value.flatMap(({ id, version, config, state }) =>
    state === 'draft' || id === own.id ? [] : [{ id, version, config, state }],
  )
  const set = previewSet(issues.value.length === 0 ? [own, ...others] : others, timeZone)
  const order = orderOf(cart.value, shop.value)
  const nowMs = readTime(cart.value.at, timeZone)?.ms ?? Date.now()
  const tester = cart.value.isTester
  const allocation = allocate(order, set, nowMs, {}, { tester, language: language.value })
  return { allocation, explained: explain(order, { set, nowMs, usage: {}, tester }) ?? [] }
}

const nameOf = (id: string): string => {
  if (id === ownId()) return t('try.this')
  const known = promos.value?.find((promo) => promo.id === id)
  return known ? titleOf(known) : id
}

export function CartResult() {
  const { allocation, explained } = tried()
  const own = explained.find(({ promo }) => promo === ownId())
  const others = explained.filter(({ promo }) => promo !== ownId())
  return (
    <section class="stack result" aria-label={t('result')}>
      <Totals allocation={allocation} />
      <ul class="lines">
        {allocation.lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ul>
      {own ? <Own promo={own} /> : <p class="help">{t('try.faulty')}</p>}
      <Others promos={others} />
    </section>
  )
}

function Totals({ allocation }: { allocation: Allocation }) {
  const { currency } = shop.value
  const rows = [
    ['total.items', allocation.items_minor],
    ['total.discount', -allocation.discount_minor],
    ['total.delivery', allocation.delivery_minor],
    ['total.total', allocation.total_minor],
    ['total.cashback', allocation.cashback_minor],
    ['total.bonus', allocation.bonus_minor],
  ] as const
  return (
    <table class="totals">
      <caption class="hidden">{t('result')}</caption>
      <tbody>
        {rows.map(([key, minor]) =>
          minor === 0 && key !== 'total.items' && key !== 'total.total' ? null : (
            <tr key={key} class={key === 'total.total' ? 'sum' : minor < 0 ? 'less' : ''}>
              <th scope="row">{t(key)}</th>
              <td>{money(minor, currency)}</td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  )
}

function Line({ line }: { line: AllocatedLine }) {
  const { currency } = shop.value
  const product = products.value.find(({ id }) => id === line.id)
  const isReduced = line.discount_minor > 0
  return (
    <li>
      <p class="spread">
        <span>
          {product?.name ?? line.id} × {line.quantity}
        </span>
        <span>
          {isReduced && <s>{money(line.items_minor, currency)}</s>} <strong>{money(line.total_minor, currency)}</strong>
        </span>
      </p>
      {[...line.discounts, ...line.credits].map((entry) => (
        <p class="spread part" key={`${entry.promo} ${entry.action} ${entry.stage}`}>
          <span>{nameOf(entry.promo)}</span>
          <span>
            {'kind' in entry ? t(`total.${entry.kind as 'cashback' | 'bonus'}`) : '−'}{' '}
            {money(entry.amount_minor, currency)}
          </span>
        </p>
      ))}
      {isReduced && (
        <p class="spread part">
          <span>{t('goods.lowest')}</span>
          <span>
            <Lowest id={line.id} />
          </span>
        </p>
      )}
    </li>
  )
}

function gains(promo: AppliedPromo): string {
  const { currency } = shop.value
  const parts = [
    ['total.discount', promo.discount_minor],
    ['total.delivery', promo.delivery_discount_minor],
    ['total.cashback', promo.cashback_minor],
    ['total.bonus', promo.bonus_minor],
  ] as const
  return [
    ...parts.flatMap(([key, minor]) => (minor === 0 ? [] : [`${t(key)} ${money(minor, currency)}`])),
    ...promo.gifts.map(({ sku, quantity }) => `${t('total.gift')} ${sku} × ${quantity}`),
    ...promo.vouchers.map(({ kind }) => `${t('total.voucher')} ${kind}`),
  ].join(', ')
}

const reasonOf = (promo: RefusedPromo): string =>
  t(`refused.${promo.reason}`, { other: promo.suppressed_by === undefined ? '' : nameOf(promo.suppressed_by) })

function Own({ promo }: { promo: ExplainedPromo }) {
  return (
    <div class={promo.verdict === 'applied' ? 'verdict yes' : 'verdict no'}>
      <p>
        <strong>{promo.verdict === 'applied' ? `✓ ${t('try.applies')}` : `✗ ${t('try.appliesNot')}`}</strong>{' '}
        {promo.verdict === 'applied' ? gains(promo) : reasonOf(promo)}
      </p>
      <Conditions reports={promo.conditions} />
    </div>
  )
}

function Others({ promos: others }: { promos: readonly ExplainedPromo[] }) {
  const applied = others.filter((promo) => promo.verdict === 'applied')
  const suppressed = others.filter((promo) => promo.verdict === 'refused' && promo.reason !== 'conditions')
  const rest = others.length - applied.length - suppressed.length
  return (
    <div>
      <h3>{t('try.others')}</h3>
      <ul class="others">
        {applied.map((promo) => (
          <li key={promo.promo}>
            ✓ <strong>{nameOf(promo.promo)}</strong> {promo.verdict === 'applied' && gains(promo)}
          </li>
        ))}
        {suppressed.map((promo) => (
          <li key={promo.promo}>
            ✗ <strong>{nameOf(promo.promo)}</strong> {promo.verdict === 'refused' && reasonOf(promo)}
          </li>
        ))}
      </ul>
      {rest > 0 && <p class="help">{tn('try.rest', rest)}</p>}
    </div>
  )
}
