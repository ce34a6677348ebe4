import { DerReader } from '../der/reader.ts'
import { BIT_STRING } from '../der/tags.ts'
import { namedBits } from '../der/writer.ts'
import { PkiError } from '../errors.ts'

/** DER of a BIT STRING whose bits have the names of their places in `names`. The order of `set` does not matter. */
export function encodeNamedBits<Name extends string>(
  names: readonly Name[],
  set: readonly Name[],
): Uint8Array {
  return namedBits(set.map((name) => names.indexOf(name)))
}

/** Reads a whole extension value that is such a BIT STRING; `oid` names the extension in errors. */
export function parseNamedBits<Name extends string>(
  oid: string,
  names: readonly Name[],
  value: Uint8Array,
): Name[] {
  const reader = DerReader.of(value)
  const found = readNamedBits(oid, names, reader)
  reader.end()
  return found
}

/**
 * Reads the BIT STRING that comes next; `tag` stands in for its own under an IMPLICIT tag. The names come in
 * the order of their bits.
 *
 * @throws PkiError `extension_malformed`, defect `out_of_range`, for a bit that has no name.
 */
export function readNamedBits<Name extends string>(
  oid: string,
  names: readonly Name[],
  reader: DerReader,
  tag: number = BIT_STRING,
): Name[] {
  return reader.namedBits(tag).map((bit) => {
    const name = names[bit]
    if (name === undefined) {
      throw new PkiError('extension_malformed', { oid, defect: 'out_of_range' })
    }
    return name
  })
}
