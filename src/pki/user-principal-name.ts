import { DerReader } from './der/reader.ts'
import { UTF8_STRING } from './der/tags.ts'
import { utf8String } from './der/writer.ts'
import type { GeneralName } from './general-names.ts'
import { oids } from './oids.ts'

/** The name by which a directory of Microsoft knows a user: an otherName with a UTF8String, `ada@corp.example`. */
export function userPrincipalName(value: string): Extract<GeneralName, { type: 'other' }> {
  return { type: 'other', oid: oids.userPrincipalName, value: utf8String(value) }
}

/** The text of such a name; undefined for any other. Raises DerError for one that holds something else. */
export function userPrincipalNameText(name: GeneralName): string | undefined {
  if (name.type !== 'other' || name.oid !== oids.userPrincipalName) return undefined
  const octets = DerReader.of(name.value).element(UTF8_STRING)
  return Buffer.from(octets).toString('utf8')
}
