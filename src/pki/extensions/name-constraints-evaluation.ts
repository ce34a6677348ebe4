import type { GeneralName } from '../general-names.ts'
import { attributeValues, parseName } from '../names.ts'
import { oids } from '../oids.ts'
import { isNameWithin } from './directory-subtree.ts'
import type { NameConstraints } from './name-constraints.ts'

/** A name that may not be certified under the constraints. */
export interface NameConstraintViolation {
  readonly name: GeneralName
  /**
   * `excluded`: inside an excluded subtree. `not_permitted`: outside every permitted subtree of its form.
   * `not_comparable`: a form, or a name of its form, that cannot be held against a subtree that exists for it.
   */
  readonly kind: 'excluded' | 'not_permitted' | 'not_comparable'
}

/**
 * Whether a certificate with this subject and these alternative names may stand below a CA with these
 * constraints: RFC 5280 sections 4.2.1.10 and 6.1.4. Names are compared as they would be in path validation;
 * whatever cannot be compared is refused.
 *
 * @param subjectDer DER of the subject's Name; held against directory subtrees unless empty, and its
 * emailAddress attributes against mailbox subtrees.
 */
export function permits(
  constraints: NameConstraints,
  names: readonly GeneralName[],
  subjectDer: Uint8Array,
): boolean {
  return findNameConstraintViolation(constraints, names, subjectDer) === undefined
}

/** The first name that `permits` refuses: those of the subject come first, then the others in their order. */
export function findNameConstraintViolation(
  constraints: NameConstraints,
  names: readonly GeneralName[],
  subjectDer: Uint8Array,
): NameConstraintViolation | undefined {
  for (const name of [...namesOfSubject(subjectDer), ...names]) {
    const kind = judge(constraints, name)
    if (kind !== undefined) {
      return { name, kind }
    }
  }
  return undefined
}

/**
 * RFC 5280 asks for the emailAddress attributes only where there are no alternative names. They are always
 * looked at: others do so too, and a mailbox in the subject is a claim wherever it stands.
 */
function namesOfSubject(subjectDer: Uint8Array): GeneralName[] {
  const subject = parseName(subjectDer)
  if (subject.length === 0) {
    return []
  }
  const mailboxes = attributeValues(subject, oids.emailAddress)
  return [
    { type: 'directory', der: subjectDer },
    ...mailboxes.map((value): GeneralName => ({ type: 'email', value })),
  ]
}

function judge(constraints: NameConstraints, name: GeneralName): NameConstraintViolation['kind'] | undefined {
  const excluded = constraints.excluded.filter((base) => base.type === name.type)
  const permitted = constraints.permitted.filter((base) => base.type === name.type)
  if (excluded.length === 0 && permitted.length === 0) {
    return undefined
  }
  if (!isComparable(name)) {
    return 'not_comparable'
  }
  if (excluded.some((base) => isWithin(name, base) || wildcardReaches(name, base))) {
    return 'excluded'
  }
  if (permitted.length > 0 && !permitted.some((base) => isWithin(name, base))) {
    return 'not_permitted'
  }
  return undefined
}

function isComparable(name: GeneralName): boolean {
  switch (name.type) {
    case 'dns':
    case 'directory':
      return true
    case 'ip':
      return name.bytes.length === 4 || name.bytes.length === 16
    case 'email':
      return mailboxParts(name.value) !== undefined
    case 'uri':
      return hostOfUri(name.value) !== undefined
    default:
      return false
  }
}

/** Both are of one type. */
function isWithin(name: GeneralName, base: GeneralName): boolean {
  if (name.type === 'ip' && base.type === 'ip') {
    return isAddressWithin(name.bytes, base.bytes)
  }
  if (name.type === 'directory' && base.type === 'directory') {
    return isNameWithin(name.der, base.der)
  }
  if (name.type === 'dns' && base.type === 'dns') {
    return isDnsNameWithin(name.value, base.value)
  }
  if (name.type === 'email' && base.type === 'email') {
    return isMailboxWithin(name.value, base.value)
  }
  if (name.type === 'uri' && base.type === 'uri') {
    return isHostWithin(hostOfUri(name.value) ?? '', base.value)
  }
  return false
}

/** Adding labels on the left keeps a name within the base. A base with a leading dot wants one added label at least. */
function isDnsNameWithin(name: string, base: string): boolean {
  if (base === '') {
    return true
  }
  const lowerName = name.toLowerCase()
  const lowerBase = base.toLowerCase()
  if (lowerBase.startsWith('.')) {
    return lowerName.length > lowerBase.length && lowerName.endsWith(lowerBase)
  }
  return lowerName === lowerBase || lowerName.endsWith(`.${lowerBase}`)
}

/**
 * Whether a wildcard also stands for a name inside an excluded base: `*.example.com` is not within
 * `mail.example.com`, but its certificate would serve it.
 */
function wildcardReaches(name: GeneralName, base: GeneralName): boolean {
  if (name.type !== 'dns' || base.type !== 'dns' || !name.value.startsWith('*.')) {
    return false
  }
  const parent = name.value.slice(1).toLowerCase()
  const lowerBase = base.value.toLowerCase()
  const label = lowerBase.slice(0, -parent.length)
  return lowerBase.endsWith(parent) && label !== '' && !label.includes('.')
}

/** A base is a mailbox, a host with all its mailboxes, or, with a leading dot, all hosts below a domain. */
function isMailboxWithin(name: string, base: string): boolean {
  const mailbox = mailboxParts(name)
  if (mailbox === undefined) {
    return false
  }
  if (!base.includes('@')) {
    return isHostWithin(mailbox.host, base)
  }
  const wanted = mailboxParts(base)
  // RFC 5280 section 4.2.1.6: the local part is compared exactly, the host without regard to case.
  return wanted !== undefined && wanted.local === mailbox.local && sameText(wanted.host, mailbox.host)
}

/** A base is one host or, with a leading dot, all hosts below a domain. */
function isHostWithin(host: string, base: string): boolean {
  if (base === '') {
    return true
  }
  return base.startsWith('.') ? isDnsNameWithin(host, base) : sameText(host, base)
}

function sameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

function mailboxParts(mailbox: string): { local: string; host: string } | undefined {
  const at = mailbox.lastIndexOf('@')
  const local = mailbox.slice(0, Math.max(at, 0))
  const host = mailbox.slice(at + 1)
  return local === '' || host === '' ? undefined : { local, host }
}

/**
 * The host of a URI with an authority (RFC 3986 section 3.2), when it is a domain name: RFC 5280 wants a URI
 * whose host is an address, or that has none, refused wherever URIs are constrained.
 */
function hostOfUri(uri: string): string | undefined {
  const colon = uri.indexOf(':')
  if (colon <= 0 || !uri.startsWith('//', colon + 1)) {
    return undefined
  }
  const authorityStart = colon + 3
  let end = authorityStart
  while (end < uri.length && !'/?#\\'.includes(uri.charAt(end))) {
    end += 1
  }
  const authority = uri.slice(authorityStart, end)
  const hostAndPort = authority.slice(authority.lastIndexOf('@') + 1)
  const portColon = hostAndPort.indexOf(':')
  const host = portColon < 0 ? hostAndPort : hostAndPort.slice(0, portColon)
  return isDomainName(host) ? host : undefined
}

/** Letters, digits, hyphens and inner dots, the last label not all digits: neither address nor percent-encoding. */
function isDomainName(host: string): boolean {
  const labels = host.split('.')
  const wellFormed = labels.every((label) => /^[A-Za-z0-9_-]+$/.test(label))
  return wellFormed && !/^(0[xX][0-9A-Fa-f]*|[0-9]+)$/.test(labels.at(-1) ?? '')
}

function isAddressWithin(address: Uint8Array, range: Uint8Array): boolean {
  if (range.length !== address.length * 2) {
    return false
  }
  return address.every((octet, index) => {
    const mask = range[address.length + index] ?? 0xff
    return ((octet ^ (range[index] ?? 0)) & mask) === 0
  })
}
