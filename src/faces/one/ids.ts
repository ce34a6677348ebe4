/**
 * How the APIs name objects: UUIDs (RFC 9562), in Private CA without dashes and in upper case. Ours are of version 8
 * and hold the kind of the object and its number in the store, so that none has to be looked up, and one of a wrong
 * kind is known for what it is. They prove nothing: whoever shows one still has to own the object.
 */
const kinds = {
  account: '01',
  user: '02',
  token: '03',
  'client-certificate': '04',
  'business-unit': '05',
  seat: '06',
  profile: '07',
  template: '08',
  certificate: '09',
  request: '0a',
  enrollment: '0b',
  owner: '0c',
  authority: '0d',
  'key-pair': '0e',
  crl: '0f',
  'ocsp-responder': '10',
  organization: '11',
} as const

export type IdKind = keyof typeof kinds

const largest = 2 ** 31 - 1

/** `c4a907ff-0000-8000-8000-00000000002a` */
export function uuidOf(kind: IdKind, id: number): string {
  return `${start(kind)}-0000-8000-8000-${id.toString(16).padStart(12, '0')}`
}

/** The same as 32 upper-case hex digits. */
export function hexIdOf(kind: IdKind, id: number): string {
  return uuidOf(kind, id).replaceAll('-', '').toUpperCase()
}

/** The number in an id of either spelling and any letter case; undefined for what is no id of this kind. */
export function readId(kind: IdKind, text: string): number | undefined {
  if (text.length > 36) return undefined
  const digits = text.replaceAll('-', '').toLowerCase()
  const head = `${start(kind)}000080008000`
  if (digits.length !== 32 || !digits.startsWith(head)) return undefined
  const tail = digits.slice(head.length)
  if (!/^[0-9a-f]{12}$/.test(tail)) return undefined
  const id = Number.parseInt(tail, 16)
  return id >= 1 && id <= largest ? id : undefined
}

function start(kind: IdKind): string {
  return `c4a9${kinds[kind]}ff`
}
