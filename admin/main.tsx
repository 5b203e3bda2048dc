// The admin page: begins here. Texts, session and promotions are asked for side by side.
import { render } from 'preact'
import { App } from './app.tsx'
import { preferredLanguage, useLanguage } from './i18n.ts'
import { openSession, startProblem } from './session.ts'
import { readPromos } from './shop.ts'
import { watchSignals } from './signals.ts'

const root = document.getElementById('app')
if (root) {
  const texts = useLanguage(preferredLanguage())
  const session = openSession().then(readPromos)
  await texts
  await session.catch((error) => {
    startProblem.value = String(error)
  })
  watchSignals()
  render(<App />, root)
}
