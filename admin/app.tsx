// The frame of the page: header with places, language and who is here; then the place itself.
import type { Language } from '../lib/base/languages.ts'
import { isSignedOut } from './api.ts'
import { chooseLanguage, language, t } from './i18n.ts'
import { SignIn } from './parts/sign-in.tsx'
import { Toasts } from './parts/toast.tsx'
import { PlaceView } from './places.tsx'
import { paths, place } from './router.ts'
import { session, signOut, startProblem } from './session.ts'

const languageNames: Record<Language, string> = { en: 'English', pl: 'Polski', uk: 'Українська' }

export function App() {
  if (startProblem.value) {
    return (
      <main class="narrow">
        <h1>{t('start.failed')}</h1>
        <p>{startProblem.value}</p>
      </main>
    )
  }
  const isHere = session.value !== undefined
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        {t('skip')}
      </button>
      <Header />
      {isSignedOut.value && <SignIn isAgain={isHere} />}
      {isHere && (
        <main id="main" tabIndex={-1}>
          <PlaceView at={place.value} />
        </main>
      )}
      <Toasts />
    </>
  )
}

function Header() {
  const at = place.value.name
  const current = at === 'calendar' || at === 'results' ? at : 'list'
  return (
    <header class="top">
      <a class="brand" href={paths.list}>
        <span class="awning" aria-hidden="true" />
        Kram
      </a>
      {session.value && (
        <nav aria-label={t('nav.label')}>
          {(['list', 'calendar', 'results'] as const).map((name) => (
            <a key={name} href={paths[name]} aria-current={current === name ? 'page' : undefined}>
              {t(`nav.${name}`)}
            </a>
          ))}
        </nav>
      )}
      <div class="who">
        <select
          aria-label={t('language')}
          value={language.value}
          onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
        >
          {Object.entries(languageNames).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
        {session.value && (
          <>
            <span class="name" title={t(`role.${session.value.role}`)}>
              {session.value.name}
            </span>
            <button type="button" class="quiet" onClick={signOut}>
              {t('signOut')}
            </button>
          </>
        )}
      </div>
    </header>
  )
}
