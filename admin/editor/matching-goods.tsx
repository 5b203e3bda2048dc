// Which goods of the catalogue the filter really finds, with the lowest price of the last 30 days beside each.
import { compileFilter, matchesFilter } from '../../lib/promos/filter.ts'
import { checkFilter } from '../../lib/promos/filter-check.ts'
import type { Filter } from '../../lib/promos/filter-schema.ts'
import { goodsOfProduct } from '../../lib/promos/order.ts'
import { money, t, tn } from '../i18n.ts'
import { type Product, products, shop } from '../shop.ts'
import { useSignal, useStart } from '../signals.ts'
import { config, issues } from './editor-state.ts'
import { lowestOf, readLowest } from './lowest-price.ts'

/** undefined: the filter is not finished. */
export function matchingProducts(): readonly Product[] | undefined {
  const filter = config.value.product_filters as Filter | undefined
  if (filter === undefined) return products.value
  const isFaulty = issues.value.some(({ pointer }) => pointer.startsWith('/product_filters'))
  if (isFaulty || checkFilter(filter, '').length > 0) return undefined
  const node = compileFilter(filter)
  return products.value.filter((product) => matchesFilter(node, goodsOfProduct(product)))
}

const shownGoods = 5

export function MatchingGoods() {
  const shown = useSignal(shownGoods)
  const found = matchingProducts()
  if (found === undefined || products.value.length === 0) return null
  return (
    <details class="more">
      <summary>{found.length === 0 ? t('goods.none') : tn('goods.found', found.length)}</summary>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{t('goods.product')}</th>
            <th scope="col">{t('goods.price')}</th>
            <th scope="col">{t('goods.lowest')}</th>
          </tr>
        </thead>
        <tbody>
          {found.slice(0, shown.value).map((product) => (
            <tr key={product.id}>
              <th scope="row">{product.name}</th>
              <td>{money(product.price_minor, shop.value.currency)}</td>
              <td>
                <Lowest id={product.id} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.length > shown.value && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            shown.value += 20
          }}
        >
          {t('list.more')}
        </button>
      )}
    </details>
  )
}

/** The lowest price of the last 30 days, as the law wants it beside a reduction (Directive 98/6/EC, art. 6a). */
export function Lowest({ id }: { id: string }) {
  useStart(() => {
    readLowest(id)
  })
  const lowest = lowestOf(id)
  if (lowest === undefined) return <>…</>
  return <>{lowest === null ? t('goods.lowest.none') : money(lowest, shop.value.currency)}</>
}
