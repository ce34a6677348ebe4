import { DerReader } from '../der/reader.ts'
import { oid, sequence } from '../der/writer.ts'
import { PkiError } from '../errors.ts'
import { oids } from '../oids.ts'
import type { Extension } from './extension.ts'

/** RFC 5280 section 4.2.1.12. `purposes` are dotted OIDs, written in the order given. */
export function encodeExtendedKeyUsage(purposes: readonly string[], critical = false): Extension {
  if (purposes.length === 0) {
    throw empty()
  }
  return { oid: oids.extKeyUsage, critical, value: sequence(...purposes.map(oid)) }
}

/** @throws PkiError `extension_malformed` when there is no purpose: SIZE (1..MAX). */
export function parseExtendedKeyUsage(value: Uint8Array): string[] {
  const list = DerReader.ofSequence(value)
  if (list.atEnd) {
    throw empty()
  }
  const purposes: string[] = []
  while (!list.atEnd) {
    purposes.push(list.oid())
  }
  return purposes
}

function empty(): PkiError {
  return new PkiError('extension_malformed', { oid: oids.extKeyUsage, defect: 'empty' })
}
