// IP addresses as patterns see them: literals, CIDR blocks, equality of different spellings of one address.

/** An address as upper-case hex digits: 8 for IPv4, 32 for IPv6. */
export type AddressDigits = string

/** 15 characters: the longest text that Java reads as an IPv4 literal, leading zeros included. */
const ipv4Chars = 15
const ipv4Pattern = /^\d+\.\d+\.\d+\.\d+$/
const ipv6Pattern = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/

function ipv4Digits(text: string): AddressDigits | undefined {
  if (text.length > ipv4Chars || !ipv4Pattern.test(text)) return undefined
  const parts = text.split('.').map(Number)
  if (parts.some((part) => part > 255)) return undefined
  return parts
    .map((part) => part.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'))

function ipv6Digits(text: string): AddressDigits | undefined {
  if (!ipv6Pattern.test(text)) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groupsOf(halves[0] ?? '')
  const tail = groupsOf(halves[1] ?? '')
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail].map((group) => group.replace(/^0+(?=.)/, ''))
  if (groups.some((group) => group.length < 1 || group.length > 4)) return undefined
  const digits = groups
    .map((group) => group.padStart(4, '0'))
    .join('')
    .toUpperCase()
  // An IPv4 address mapped into IPv6 (RFC 4291, 2.5.5.2) is that IPv4 address.
  return digits.startsWith(`${'0'.repeat(20)}FFFF`) ? digits.slice(24) : digits
}

/** The address that `text` spells, or undefined when it spells none. No dotted quad inside IPv6. */
export const addressDigits = (text: string): AddressDigits | undefined => ipv4Digits(text) ?? ipv6Digits(text)

/** The first and the last address of a block, of one length. */
export type AddressRange = { bottom: AddressDigits; top: AddressDigits }

/** Reads `10.0.0.0/24` or `2001:db8::/32`; bits of the host are masked. Answers a range, or why it is none. */
export function addressRange(cidr: string): AddressRange | { refused: string } {
  const [address, bits, ...more] = cidr.replace(/\/+$/, '').split('/')
  if (address === undefined || bits === undefined || more.length > 0) {
    return { refused: "Malformed CIDR, one '/' required" }
  }
  if (!/^[+-]?\d{1,9}$/.test(bits)) return { refused: 'Malformed CIDR, mask bits must be an integer' }
  const maskBits = Number(bits)
  if (maskBits < 0) return { refused: 'Malformed CIDR, mask bits must not be negative' }
  const digits = addressDigits(address)
  if (digits === undefined) return { refused: `Nonstandard IP address: ${address}` }
  const addressBits = digits.length * 4
  if (maskBits >= addressBits) {
    return { refused: `${addressBits === 32 ? 'IPv4' : 'IPv6'} mask bits must be < ${addressBits}` }
  }
  const value = BigInt(`0x${digits}`)
  const host = (1n << BigInt(addressBits - maskBits)) - 1n
  const hex = (bits: bigint): string => bits.toString(16).padStart(digits.length, '0').toUpperCase()
  return { bottom: hex(value & ~host), top: hex(value | host) }
}

/** Whether the address lies in the range; an address of the other kind never does. */
export const inRange = (digits: AddressDigits, { bottom, top }: AddressRange): boolean =>
  digits.length === bottom.length && digits >= bottom && digits <= top
