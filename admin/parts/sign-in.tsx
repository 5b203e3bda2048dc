// Asks to sign in: alone on the page, above what is being worked on, or in a dialog, which lets nothing behind it be used.
import { t } from '../i18n.ts'
import { adminConfig, readSession, session, signIn, signInFault } from '../session.ts'
import { readPromos } from '../shop.ts'
import { useId } from '../signals.ts'

const linkReasons = ['link_spent', 'link_expired', 'link_invalid'] as const

export function SignIn({ isAgain }: { isAgain: boolean }) {
  const id = useId()
  const again = async (): Promise<void> => {
    await readSession()
    if (session.value) await readPromos()
  }
  const isOidc = adminConfig.value?.auth.kind === 'oidc'
  // Where the shop leads to when a link does not hold.
  const reason = /^#\/sign-in\?reason=(\w+)$/.exec(location.hash)?.[1]
  const why = signInFault.value ?? linkReasons.find((known) => known === reason)
  // Alone on the page it is the page.
  const Frame = isAgain ? 'section' : 'main'
  return (
    <Frame class={isAgain ? 'notice bad' : 'signin'} aria-labelledby={id}>
      <h1 id={id}>{t('signIn.title')}</h1>
      {isAgain && <p role="alert">{t('signIn.kept')}</p>}
      {why !== undefined && <p role="alert">{t(`signIn.why.${why}`)}</p>}
      <p>{t(isOidc ? 'signIn.oidc' : 'signIn.session')}</p>
      {!isOidc && (
        <p>
          <code>npm run -s kram -- token --admin-link</code>
        </p>
      )}
      <button type="button" class="primary" onClick={isOidc ? signIn : again}>
        {t(isOidc ? 'signIn.go' : 'signIn.again')}
      </button>
    </Frame>
  )
}
