// What a browser is told about the admin page: where from it may load and with whom it may talk, and nothing else.
// https://www.w3.org/TR/CSP3/, https://www.w3.org/TR/trusted-types/
import type { SignIn } from './sign-in.ts'

/** `report-uri` and not `report-to`: every browser knows it, and sends at once. */
function policy(signIn: SignIn): string {
  const talksTo = signIn.kind === 'oidc' ? ["'self'", ...signIn.origins] : ["'self'"]
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${talksTo.join(' ')}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    'report-uri /admin/csp-reports',
  ].join('; ')
}

/** Headers of the page itself; its files need no more than every answer has. */
export const pageHeaders = (signIn: SignIn): { [name: string]: string } => ({
  'content-security-policy': policy(signIn),
  'cross-origin-opener-policy': 'same-origin',
  // A form's or a fetch's own origin is told to this shop, nothing to anybody else.
  'referrer-policy': 'same-origin',
  'permissions-policy':
    'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=()',
})

const directives = [
  'default-src',
  'script-src',
  'script-src-elem',
  'script-src-attr',
  'style-src',
  'style-src-elem',
  'style-src-attr',
  'img-src',
  'font-src',
  'connect-src',
  'form-action',
  'base-uri',
  'frame-src',
  'frame-ancestors',
  'require-trusted-types-for',
  'trusted-types',
  'worker-src',
]

/** The directive that a browser's report names: one of those there are, as a counter's label must have few values. */
export function reportedDirective(body: string | undefined): string {
  try {
    const { 'csp-report': report }: { 'csp-report'?: { [field: string]: unknown } } = JSON.parse(body ?? '')
    const named = report?.['effective-directive'] ?? report?.['violated-directive']
    return directives.find((name) => name === named) ?? 'other'
  } catch {
    return 'other'
  }
}
