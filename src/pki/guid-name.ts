import { DerReader } from './der/reader.ts'
import { OCTET_STRING } from './der/tags.ts'
import { octetString } from './der/writer.ts'
import type { GeneralName } from './general-names.ts'
import { oids } from './oids.ts'

const groups = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i
const octetsOfGuid = 16

/**
 * The name by which a directory of Microsoft knows a machine that replicates it: an otherName with an OCTET STRING of
 * 16 octets, the first three groups of the text with their least significant octet first.
 * @param text `6b29fc40-ca47-1067-b31d-00dd010662da`, in any letter case
 * @returns undefined for another text
 */
export function guidName(text: string): Extract<GeneralName, { type: 'other' }> | undefined {
  const [, first = '', second = '', third = '', ...rest] = groups.exec(text) ?? []
  if (rest.length === 0) return undefined
  const reversed = [first, second, third].map((group) => Buffer.from(group, 'hex').reverse())
  const octets = Buffer.concat([...reversed, Buffer.from(rest.join(''), 'hex')])
  return { type: 'other', oid: oids.ntdsReplication, value: octetString(octets) }
}

/** The text of such a name, in lower case; undefined for any other. Raises DerError for one that holds something else. */
export function guidNameText(name: GeneralName): string | undefined {
  if (name.type !== 'other' || name.oid !== oids.ntdsReplication) return undefined
  const octets = Buffer.from(DerReader.of(name.value).element(OCTET_STRING))
  if (octets.length !== octetsOfGuid) return undefined
  const group = (from: number, to: number) => octets.subarray(from, to)
  const reversed = [group(0, 4), group(4, 6), group(6, 8)].map((each) => Buffer.from(each).reverse())
  return [...reversed, group(8, 10), group(10, 16)].map((each) => each.toString('hex')).join('-')
}
