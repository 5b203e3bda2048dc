// What follows from the form, live: the sentence, what is wrong or doubtful, what customers read, and a cart to try.
import type { PromoConfig } from '../../lib/promos/config.ts'
import { messageText, t, tn } from '../i18n.ts'
import { Guarded } from '../parts/guarded.tsx'
import { paths } from '../router.ts'
import { sentenceOf, whenOf } from '../words.ts'
import { config, focusOn, issues, showsAll, warnings } from './editor-state.ts'
import { HintPreview } from './hint-preview.tsx'
import { placeText } from './place-text.ts'
import { TryCart } from './try-cart.tsx'

export function Aside() {
  const isSound = issues.value.length === 0
  return (
    <aside class="aside" aria-label={t('aside')}>
      <section class="card" aria-labelledby="sentence">
        <h2 id="sentence">{t('sentence')}</h2>
        {isSound ? (
          <p class="sentence">{sentenceOf(config.value as PromoConfig)}</p>
        ) : (
          <p class="help">{t('sentence.later')}</p>
        )}
        {isSound && <p class="when">{whenOf(config.value as PromoConfig)}</p>}
        <Problems />
        <Warnings />
      </section>
      <section class="card" aria-labelledby="try">
        <h2 id="try">{t('try')}</h2>
        <Guarded>
          <TryCart />
        </Guarded>
      </section>
      <section class="card" aria-labelledby="preview">
        <h2 id="preview">{t('preview')}</h2>
        <Guarded>
          <HintPreview />
        </Guarded>
      </section>
    </aside>
  )
}

/** What is still missing; after a try to save as faults, each leading to its field. */
function Problems() {
  const found = issues.value
  if (found.length === 0) return null
  return (
    <div class={showsAll.value ? 'notice bad' : 'notice'} id="problems" tabIndex={-1}>
      <strong>{tn(showsAll.value ? 'issues' : 'todo', found.length)}</strong>
      <ul>
        {found.map(({ pointer, message }) => (
          <li key={pointer + message}>
            <button type="button" class="link" onClick={() => focusOn(pointer)}>
              {placeText(pointer, config.value)}: {messageText(message)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Warnings() {
  if (warnings.value.length === 0) return null
  return (
    <div class="notice warn">
      <strong>{t('warnings')}</strong>
      <ul>
        {warnings.value.map(({ pointer, message, other, code }) => (
          <li key={`${code}${pointer}${other}`}>
            <button type="button" class="link" onClick={() => focusOn(pointer)}>
              {placeText(pointer, config.value)}
            </button>{' '}
            {messageText(message)}{' '}
            {other && (
              <a href={paths.edit(other)} target="_blank" rel="noreferrer">
                {t('warnings.other')}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
