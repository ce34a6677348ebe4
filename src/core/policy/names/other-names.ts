import { utf8String } from '../../../pki/der/writer.ts'
import type { GeneralName } from '../../../pki/general-names.ts'
import { guidName } from '../../../pki/guid-name.ts'
import { encodeName } from '../../../pki/names.ts'
import { oids } from '../../../pki/oids.ts'
import type { NameDefect } from '../../faults.ts'
import { orderSubject } from '../../profiles/subject.ts'
import { hasControlCharacter } from './control-characters.ts'
import type { NameRequest } from './name-request.ts'
import { checkSubject } from './subject.ts'

type Judged<Type extends GeneralName['type']> =
  | { readonly name: Extract<GeneralName, { type: Type }> }
  | { readonly defect: NameDefect }

const longestText = 255
/** Characters of a dotted identifier whose encoding stays within 64 octets. */
const longestOid = 128
const dotted = /^[0-2](\.(0|[1-9][0-9]{0,15})){1,30}$/

/** A dotted object identifier (X.660: below 0 and 1 there are 40 arcs). */
export function judgeRegisteredId({ value }: NameRequest): Judged<'registeredId'> {
  const defect = oidDefect(value)
  return defect === undefined ? { name: { type: 'registeredId', oid: value } } : { defect }
}

/**
 * Kinds of otherName that say who somebody is to programs that know them, in a syntax of their own: Kerberos principals
 * (RFC 4556), directories of Microsoft. A text that nobody checked as such must not pass for one.
 */
const known: ReadonlySet<string> = new Set([
  '1.3.6.1.5.2.2',
  oids.userPrincipalName,
  oids.ntdsReplication,
  // The security identifier of an account.
  '1.3.6.1.4.1.311.25.2',
])
/** Kinds of PKIX (id-on, RFC 7299): mailboxes, services, realms, and what is registered there after them. */
const pkixKinds = '1.3.6.1.5.5.7.8.'

/** An otherName of a kind of one's own, whose value is a UTF8String. */
export function judgeOtherName({ typeId, value }: NameRequest): Judged<'other'> {
  if (typeId === undefined || known.has(typeId) || typeId.startsWith(pkixKinds)) {
    return { defect: 'type-not-allowed' }
  }
  const defect = oidDefect(typeId) ?? textDefect(value)
  if (defect !== undefined) return { defect }
  return { name: { type: 'other', oid: typeId, value: utf8String(value.normalize('NFC')) } }
}

export function judgeGuid({ value }: NameRequest): Judged<'other'> {
  const name = guidName(value)
  return name === undefined ? { defect: value === '' ? 'empty' : 'not-a-name' } : { name }
}

/**
 * A directoryName, held to the rules of a subject and written in the order of one.
 * @param allowed attribute types (dotted OIDs) of the profile
 * @throws Fault name_refused about an attribute
 */
export function judgeDirectoryName(
  { attributes = [] }: NameRequest,
  allowed: readonly string[],
): Judged<'directory'> {
  if (attributes.length === 0) return { defect: 'empty' }
  return {
    name: { type: 'directory', der: encodeName(orderSubject(checkSubject(attributes, allowed), allowed)) },
  }
}

function oidDefect(text: string): NameDefect | undefined {
  if (text === '') return 'empty'
  if (text.length > longestOid) return 'too-long'
  if (!dotted.test(text)) return 'not-a-name'
  const [first, second] = text.split('.', 2)
  return first === '2' || Number(second) < 40 ? undefined : 'not-a-name'
}

function textDefect(text: string): NameDefect | undefined {
  if (text === '') return 'empty'
  if (text.length > longestText) return 'too-long'
  if (hasControlCharacter(text)) return 'control-character'
  return text.isWellFormed() ? undefined : 'character'
}
