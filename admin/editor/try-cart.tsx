// Try it on a cart: goods, choices, customer and time; below it what this promotion and all others make of it.

import type { PromoConfig } from '../../lib/promos/config.ts'
import { t } from '../i18n.ts'
import { products, shop } from '../shop.ts'
import { useId, useSignal } from '../signals.ts'
import { type Cart, cart, changeCart, emptyCart, withProduct } from './cart.ts'
import { CartResult } from './cart-result.tsx'
import { config, issues } from './editor-state.ts'
import { Chips, Suggestions } from './fields.tsx'
import { demandsOf } from './hint-cases.ts'
import { matchingProducts } from './matching-goods.tsx'
import { suggestionsFor } from './suggestions.ts'

const mostQuantity = 10_000

export function TryCart() {
  const { lines } = cart.value
  return (
    <div class="stack">
      <div class="buttons">
        <button type="button" onClick={() => fill(3)}>
          {t('try.matching')}
        </button>
        <button type="button" onClick={() => fill(0)}>
          {t('try.other')}
        </button>
        {lines.length > 0 && (
          <button type="button" class="quiet" onClick={() => changeCart({ lines: emptyCart.lines })}>
            {t('try.empty')}
          </button>
        )}
      </div>
      <AddProduct />
      {lines.length > 0 && <CartLines />}
      <details class="more">
        <summary>{t('try.choices')}</summary>
        <Choices />
      </details>
      {lines.length > 0 ? <CartResult /> : <p class="help">{t('try.none')}</p>}
    </div>
  )
}

/** A sample cart: goods that the promotion is about, with what it asks for besides; or (0) others. */
function fill(count: number): void {
  const matching = matchingProducts() ?? []
  const others = products.value.filter((product) => !matching.includes(product))
  if (count === 0 || issues.value.length > 0) {
    const chosen = count === 0 ? others.slice(0, 2) : matching.slice(0, count)
    changeCart({ lines: chosen.map((product) => ({ product, quantity: 1 })) })
    return
  }
  const { sum, units, order } = demandsOf(config.value as PromoConfig, shop.value.time_zone)
  const lines = matching.slice(0, count).map((product) => ({ product, quantity: 1 }))
  const [first] = lines
  const rest = lines.slice(1).reduce((total, { product }) => total + product.price_minor, 0)
  // Enough of the first one for sums and numbers that are asked for.
  if (first) {
    const lacking = Math.ceil((sum - rest) / Math.max(1, first.product.price_minor))
    first.quantity = Math.min(mostQuantity, Math.max(1, lacking, units - (lines.length - 1)))
  }
  changeCart({
    lines,
    delivery: order.delivery?.method ?? cart.value.delivery,
    city: order.delivery?.city ?? cart.value.city,
    payment: order.payment?.method ?? cart.value.payment,
    channel: order.channel ?? cart.value.channel,
    codes: order.codes ?? cart.value.codes,
  })
}

function AddProduct() {
  const list = useId()
  const typed = useSignal('')
  const add = (text: string): void => {
    typed.value = text
    const found = products.value.find(({ id, name }) => name === text || id === text)
    if (!found) return
    changeCart({ lines: withProduct(cart.value, found) })
    typed.value = ''
  }
  return (
    <div class="field">
      <label for={`${list}-input`}>{t('try.add')}</label>
      <input
        id={`${list}-input`}
        list={list}
        autocomplete="off"
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value
          const isChosen = !(event instanceof InputEvent) || event.inputType === 'insertReplacementText'
          if (isChosen) add(typed.value)
        }}
        onChange={() => add(typed.value)}
      />
      <Suggestions id={list} values={products.value.map(({ name }) => name)} />
    </div>
  )
}

function CartLines() {
  const { lines } = cart.value
  const set = (id: string, quantity: number): void =>
    changeCart({
      lines: lines.flatMap((line) =>
        line.product.id !== id ? [line] : quantity < 1 ? [] : [{ ...line, quantity: Math.min(quantity, mostQuantity) }],
      ),
    })
  return (
    <ul class="cart">
      {lines.map(({ product, quantity }) => (
        <li key={product.id}>
          <span>{product.name}</span>
          <input
            type="number"
            min={1}
            max={mostQuantity}
            aria-label={t('try.quantity', { name: product.name })}
            value={quantity}
            onInput={(event) => {
              const next = Number(event.currentTarget.value)
              if (Number.isInteger(next) && next > 0) set(product.id, next)
            }}
          />
          <button
            type="button"
            class="quiet icon"
            aria-label={t('try.remove', { name: product.name })}
            onClick={() => set(product.id, 0)}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  )
}

type TextName = 'payment' | 'city' | 'channel'

function Choices() {
  const id = useId()
  const { delivery, codes, at, isTester } = cart.value
  const text = (name: TextName, suggestions: readonly string[]) => (
    <div class="field">
      <label for={`${id}-${name}`}>{t(`try.${name}`)}</label>
      <input
        id={`${id}-${name}`}
        list={`${id}-${name}-list`}
        value={cart.value[name]}
        onInput={(event) => changeCart({ [name]: event.currentTarget.value } as Partial<Cart>)}
      />
      <Suggestions id={`${id}-${name}-list`} values={suggestions} />
    </div>
  )
  return (
    <div class="grid small">
      <div class="field">
        <label for={`${id}-delivery`}>{t('try.delivery')}</label>
        <select
          id={`${id}-delivery`}
          value={delivery}
          onChange={(event) => changeCart({ delivery: event.currentTarget.value })}
        >
          <option value="">{t('try.undecided')}</option>
          {Object.keys(shop.value.deliveries).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      {text('payment', suggestionsFor('selected_payment'))}
      {text('city', suggestionsFor('city'))}
      {text('channel', suggestionsFor('channel'))}
      <div class="field">
        <label for={`${id}-codes`}>{t('codes')}</label>
        <Chips
          control={{ id: `${id}-codes` }}
          values={codes}
          read={(code) => code}
          onValues={(next) => changeCart({ codes: next })}
        />
      </div>
      <div class="field">
        <label for={`${id}-at`}>{t('try.at', { zone: shop.value.time_zone })}</label>
        <input
          id={`${id}-at`}
          type="datetime-local"
          value={at}
          onInput={(event) => changeCart({ at: event.currentTarget.value })}
        />
      </div>
      <Customer />
      <label class="check">
        <input
          type="checkbox"
          checked={isTester}
          onChange={(event) => changeCart({ isTester: event.currentTarget.checked })}
        />
        {t('try.tester')}
      </label>
    </div>
  )
}

function Customer() {
  const id = useId()
  const { customer } = cart.value
  const known = { orders: 0, groups: [], card: '' }
  const set = (change: Partial<NonNullable<Cart['customer']>>): void =>
    changeCart({ customer: { ...(customer ?? known), ...change } })
  return (
    <fieldset class="group">
      <legend>{t('try.customer')}</legend>
      <label class="check">
        <input
          type="checkbox"
          checked={customer !== undefined}
          onChange={(event) => changeCart({ customer: event.currentTarget.checked ? known : undefined })}
        />
        {t('try.known')}
      </label>
      {customer && (
        <div class="grid small">
          <div class="field">
            <label for={`${id}-orders`}>{t('try.orders')}</label>
            <input
              id={`${id}-orders`}
              type="number"
              min={0}
              value={customer.orders}
              onInput={(event) => set({ orders: Math.max(0, Math.floor(Number(event.currentTarget.value))) })}
            />
          </div>
          <div class="field">
            <label for={`${id}-card`}>{t('try.card')}</label>
            <input
              id={`${id}-card`}
              value={customer.card}
              onInput={(event) => set({ card: event.currentTarget.value })}
            />
          </div>
          <div class="field">
            <label for={`${id}-groups`}>{t('try.groups')}</label>
            <Chips
              control={{ id: `${id}-groups` }}
              values={customer.groups}
              read={(group) => group}
              onValues={(groups) => set({ groups })}
              suggestions={suggestionsFor('customer_group')}
            />
          </div>
        </div>
      )}
    </fieldset>
  )
}
