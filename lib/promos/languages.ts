// The languages that customers read hints in.
export const languages = ['pl', 'uk', 'en'] as const
export type Language = (typeof languages)[number]
