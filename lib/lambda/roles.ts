// Who may call the API. Every route names its roles; whoever is not named is refused.

/**
 * shop: the shop's own front end and systems. tester: a shop visitor who also sees test promotions. marketer: reads
 * goods and keeps promotions, sees no customer. admin: everything, events and dead letters included.
 */
export const roles = ['shop', 'tester', 'marketer', 'admin'] as const

export type Role = (typeof roles)[number]

export const isRole = (text: unknown): text is Role => roles.some((role) => role === text)

/**
 * Whom a request speaks for: `subject` is the caller's id at whoever signed the token, `untilSeconds` (since the epoch)
 * when the token ends, where it says so.
 */
export type Caller = { subject: string; roles: readonly Role[]; untilSeconds?: number }
