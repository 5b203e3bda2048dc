// One promotion in the list: its standing, what it does in a sentence, when, and how much of its limits is used.
import { hasWork } from '../editor/kept-work.ts'
import { locale, money, t, tn } from '../i18n.ts'
import { type Promo, type Standing, titleOf } from '../promo-view.ts'
import { paths } from '../router.ts'
import { shop } from '../shop.ts'
import { sentenceOf, standing, whenOf } from '../words.ts'

type Props = { promo: Promo; isSelected: boolean; onSelect: () => void; onPause: () => void }

export const StandingBadge = ({ name }: { name: Standing }) => (
  <span class={`badge ${name}`}>{t(`standing.${name}`)}</span>
)

export function PromoRow({ promo, isSelected, onSelect, onPause }: Props) {
  const { id, config, state } = promo
  const title = titleOf(promo)
  const name = standing(promo)
  return (
    <li class={`promo ${name}`}>
      <input type="checkbox" aria-label={t('list.select', { title })} checked={isSelected} onChange={onSelect} />
      <div class="what">
        <h2>
          <a href={paths.edit(id)}>{title}</a> <StandingBadge name={name} />
          {hasWork(id) && <span class="badge unsaved">{t('unsaved')}</span>}
        </h2>
        <p>{sentenceOf(config)}</p>
        <p class="when">{whenOf(config)}</p>
      </div>
      <Usage promo={promo} />
      <div class="actions">
        {state !== 'draft' && (
          <button type="button" aria-label={t('pause.one', { title })} onClick={onPause}>
            {t('pause')}
          </button>
        )}
        <a class="button quiet" aria-label={t('copy.one', { title })} href={paths.copy(id)}>
          {t('copy')}
        </a>
        <a class="button quiet" aria-label={t('history.one', { title })} href={paths.history(id)}>
          {t('history')}
        </a>
      </div>
    </li>
  )
}

function Usage({ promo: { usage } }: { promo: Promo }) {
  if (!usage) return <div class="usage" />
  const { currency } = shop.value
  const { uses, budget_minor: budget } = usage.limits
  const given = usage.discount_minor + usage.credit_minor
  return (
    <div class="usage">
      <p>
        <strong>{tn('usage.redeemed', usage.redemptions)}</strong>
        {given > 0 && <span>{t('usage.given', { money: money(given, currency) })}</span>}
      </p>
      {uses && <Bar label={t('usage.uses')} {...uses} show={(n) => n.toLocaleString(locale())} />}
      {budget && <Bar label={t('usage.budget')} {...budget} show={(n) => money(n, currency)} />}
    </div>
  )
}

type BarProps = { label: string; used: number; most: number; show: (n: number) => string }

function Bar({ label, used, most, show }: BarProps) {
  const text = t('usage.of', { used: show(used), most: show(most) })
  return (
    <label class={used >= most ? 'bar full' : 'bar'}>
      <span>
        {label} <small>{text}</small>
      </span>
      <progress value={Math.min(used, most)} max={most}>
        {text}
      </progress>
    </label>
  )
}
