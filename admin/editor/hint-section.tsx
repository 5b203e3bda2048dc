// What customers read who lack something: made by itself, in own words, or nothing.
import { type Language, languages } from '../../lib/base/languages.ts'
import { t } from '../i18n.ts'
import { pointerOf, valueAt } from './config-tree.ts'
import { config, setAt } from './editor-state.ts'
import { ErrorsAt, TextField } from './fields.tsx'
import { recall, remember } from './stash.ts'

const kinds = ['made', 'own', 'one', 'none'] as const
type Kind = (typeof kinds)[number]

const languageNames: Record<Language, string> = { pl: 'Polski', uk: 'Українська', en: 'English' }

function kindOf(hint: unknown): Kind {
  if (hint === false) return 'none'
  if (typeof hint === 'string') return 'one'
  return hint === undefined ? 'made' : 'own'
}

export function HintSection() {
  const hint = valueAt(config.value, ['hint'])
  // Own words that are not written yet, or are written anew, are no hint in the config.
  if (hint !== undefined) remember('/hint#kind', kindOf(hint))
  const wanted = recall('/hint#kind') as Kind | undefined
  const kind = hint === undefined && (wanted === 'own' || wanted === 'one') ? wanted : kindOf(hint)
  const choose = (next: Kind): void => {
    remember(`/hint#${kind}`, hint)
    remember('/hint#kind', next)
    setAt(['hint'], next === 'none' ? false : next === 'made' ? undefined : recall(`/hint#${next}`))
  }
  return (
    <div class="stack" {...(kind === 'one' ? {} : { id: pointerOf(['hint']) })}>
      <div class="row" role="radiogroup" aria-label={t('hint')}>
        {kinds.map((name) => (
          <label class="check" key={name}>
            <input type="radio" name="hint" checked={kind === name} onChange={() => choose(name)} />
            {t(`hint.${name}`)}
          </label>
        ))}
      </div>
      {kind === 'one' && (
        <TextField path={['hint']} label={t('hint.one')} value={hint} rows={2} help={t('hint.help')} />
      )}
      {kind === 'own' && (
        <>
          <div class="grid">
            {languages.map((name) => (
              <TextField
                key={name}
                path={['hint', name]}
                label={languageNames[name]}
                value={valueAt(hint, [name])}
                rows={2}
              />
            ))}
          </div>
          <p class="help">{t('hint.help')}</p>
        </>
      )}
      {kind !== 'one' && <ErrorsAt path={['hint']} />}
    </div>
  )
}
