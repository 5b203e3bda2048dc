// What customers read, in each language: on the product's page, below, at and above the threshold.

import { languages } from '../../lib/base/languages.ts'
import type { PromoConfig } from '../../lib/promos/config.ts'
import { money, t } from '../i18n.ts'
import { shop } from '../shop.ts'
import { config, issues } from './editor-state.ts'
import { hintCases, hintPreviews } from './hint-cases.ts'

export function HintPreview() {
  if (issues.value.length > 0) return <p class="help">{t('preview.later')}</p>
  const { currency, time_zone: timeZone } = shop.value
  const own = config.value as PromoConfig
  const byLanguage = languages.map((language) => ({
    language,
    previews: hintPreviews(own, { language, currency, timeZone, nowMs: Date.now() }),
  }))
  if (byLanguage.every(({ previews }) => previews.length === 0)) return <p class="help">{t('preview.none')}</p>
  return (
    <dl class="hints">
      {hintCases.map((name) => (
        <div key={name}>
          <dt>{t(`preview.${name}`)}</dt>
          {byLanguage.map(({ language, previews }) => {
            const found = previews.find((preview) => preview.case === name)
            const gain = found?.applied
            const worth = gain
              ? gain.discount_minor + gain.delivery_discount_minor + gain.cashback_minor + gain.bonus_minor
              : 0
            return (
              <dd key={language} lang={language}>
                <span class="tag">{language}</span>
                <span>
                  {found?.text || (gain ? '' : '—')}
                  {gain && (
                    <span class="good">
                      {' '}
                      ✓ {worth > 0 ? t('preview.gives', { money: money(worth, currency) }) : t('preview.applies')}
                    </span>
                  )}
                </span>
              </dd>
            )
          })}
        </div>
      ))}
    </dl>
  )
}
