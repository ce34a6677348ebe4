import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corpusEntries, corpusFile, skipWithout } from '../../test/support/corpora.ts'
import { DerError } from './der/errors.ts'
import { bitString, nullValue, oid, sequence } from './der/writer.ts'
import { PkiError } from './errors.ts'
import { oids } from './oids.ts'
import { type PemBlock, pemBlocks } from './pem.ts'
import { importPublicKey, parseSubjectPublicKeyInfo } from './spki.ts'

const skip = skipWithout('badkeys')

/** What the encoding alone says: other weaknesses are found by the key policy, not here. */
const expected: ReadonlyMap<string, string> = new Map([
  ['defect/public-fragment.key', 'base64_invalid'],
  ['dh-ok.key', 'key_unsupported'],
  ['ecdsa-explicit-pub.key', 'ec_parameters_explicit'],
  ['rsa-e-larger-n.key', 'key_too_large'],
  ['rsa-small-d.key', 'key_too_large'],
  ['rsazerozero.key', 'key_invalid'],
  ['unsupported/slhdsa.key', 'key_unsupported'],
  ['unsupported/sm2-pub.key', 'key_unsupported'],
  ['x448-ok.key', 'key_unsupported'],
])

function spkiOf({ label, der }: PemBlock): Uint8Array {
  return label === 'RSA PUBLIC KEY'
    ? sequence(sequence(oid(oids.rsaEncryption), nullValue()), bitString(der))
    : der
}

function outcomeOf(file: string): string {
  try {
    const [block] = pemBlocks(Buffer.from(corpusFile('badkeys', file)).toString('utf8'))
    assert.ok(block !== undefined)
    importPublicKey(parseSubjectPublicKeyInfo(spkiOf(block)))
    return 'imported'
  } catch (error) {
    assert.ok(error instanceof PkiError || error instanceof DerError, String(error))
    return error.code
  }
}

test('the corpus of keys is there', { skip }, () => {
  assert.ok(corpusEntries('badkeys').length >= 20)
})

const keys = skip
  ? []
  : corpusEntries('badkeys').filter(({ kind, file }) => kind === 'key' && file.endsWith('.key'))

for (const { file, reason } of keys) {
  const outcome = expected.get(file) ?? 'imported'
  test(`${file} (${reason}): ${outcome}`, () => {
    assert.equal(outcomeOf(file), outcome)
  })
}
