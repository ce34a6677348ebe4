import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../test/support/hex.ts'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { parseCertificate } from './certificate.ts'

const algorithm = '300a06082a8648ce3d040302'
const otherAlgorithm = '300a06082a8648ce3d040303'
const issuer = '300f310d300b06035504030c04726f6f74'
const validity = `301e170d${hex(Buffer.from('260102030405Z'))}170d${hex(Buffer.from('270102030404Z'))}`
const subject = '3011310f300d06035504030c06612e74657374'
const key = `302a300506032b6570032100${'21'.repeat(32)}`
const extensions = 'a30d300b30090603551d1304023000'

interface Parts {
  version?: string
  serialNumber?: string
  inner?: string
  issuer?: string
  validity?: string
  subject?: string
  key?: string
  rest?: string
  outer?: string
  signature?: string
  after?: string
}

/** DER of a certificate from its elements in hexadecimal; those not given are sound. */
function certificateOf(parts: Parts): Uint8Array {
  const tbs = element(
    '30',
    (parts.version ?? 'a003020102') +
      (parts.serialNumber ?? '0203010203') +
      (parts.inner ?? algorithm) +
      (parts.issuer ?? issuer) +
      (parts.validity ?? validity) +
      (parts.subject ?? subject) +
      (parts.key ?? key) +
      (parts.rest ?? extensions),
  )
  const outer = parts.outer ?? algorithm
  return unhex(element('30', tbs + outer + (parts.signature ?? '030300aabb')) + (parts.after ?? ''))
}

function element(tag: string, elements: string): string {
  const contents = elements.replaceAll(' ', '')
  const length = contents.length / 2
  const octets =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return tag + hex(Uint8Array.from(octets)) + contents
}

test('a certificate is read into its fields, which are views of the input', () => {
  const der = certificateOf({})
  const certificate = parseCertificate(der)
  assert.equal(certificate.version, 3)
  assert.equal(hex(certificate.serialNumber), '010203')
  assert.equal(certificate.signatureAlgorithm, 'ecdsa-sha256')
  assert.equal(hex(certificate.signatureAlgorithmDer), algorithm)
  assert.equal(hex(certificate.issuerDer), issuer)
  assert.equal(hex(certificate.subjectDer), subject)
  assert.equal(certificate.issuer[0]?.value, 'root')
  assert.equal(certificate.subject[0]?.value, 'a.test')
  assert.equal(hex(certificate.validityDer), validity)
  assert.equal(certificate.notBefore, Date.UTC(2026, 0, 2, 3, 4, 5))
  assert.equal(certificate.notAfter, Date.UTC(2027, 0, 2, 3, 4, 4))
  assert.equal(certificate.spki.type, 'ed25519')
  assert.equal(hex(certificate.spki.der), key)
  assert.deepEqual(certificate.extensions, [{ oid: '2.5.29.19', critical: false, value: unhex('3000') }])
  assert.equal(hex(certificate.signature), 'aabb')
  assert.equal(certificate.tbsDer.buffer, der.buffer)
  assert.equal(certificate.der, der)
})

test('versions 1 and 2 are read, unique identifiers with version 2', () => {
  const first = parseCertificate(certificateOf({ version: '', rest: '' }))
  assert.deepEqual([first.version, first.extensions], [1, []])
  const second = parseCertificate(certificateOf({ version: 'a003020101', rest: '81020780 8202 0001' }))
  assert.equal(second.version, 2)
  assert.deepEqual(second.issuerUniqueId, { unusedBits: 7, bytes: unhex('80') })
  assert.deepEqual(second.subjectUniqueId, { unusedBits: 0, bytes: unhex('01') })
})

test('an unknown signature algorithm is read without a name', () => {
  const unknown = '300506032a0304'
  const certificate = parseCertificate(certificateOf({ inner: unknown, outer: unknown }))
  assert.equal(certificate.signatureAlgorithm, undefined)
  assert.equal(hex(certificate.signatureAlgorithmDer), unknown)
})

const malformed: readonly (readonly [string, Parts, string])[] = [
  ['K4 bytes after it', { after: '00' }, 'trailing_bytes'],
  ['a written version 1', { version: 'a003020100' }, 'structure_invalid version'],
  ['version 4', { version: 'a003020103' }, 'version_unsupported'],
  ['version -1', { version: 'a0030201ff' }, 'value_out_of_range'],
  ['two versions', { version: 'a006020102020102' }, 'trailing_bytes'],
  ['extensions in version 1', { version: '' }, 'structure_invalid extensions'],
  ['extensions in version 2', { version: 'a003020101' }, 'structure_invalid extensions'],
  [
    'a unique identifier in version 1',
    { version: '', rest: '8102 0001' },
    'structure_invalid issuerUniqueID',
  ],
  ['unique identifiers out of order', { rest: '8202 0001 8102 0001' }, 'trailing_bytes'],
  ['V8 two signature algorithms', { outer: otherAlgorithm }, 'signature_algorithms_differ'],
  [
    'V8 parameters in one place only',
    { outer: '300c06082a8648ce3d0403020500' },
    'signature_algorithms_differ',
  ],
  ['a serial number with a leading zero', { serialNumber: '02020001' }, 'integer_not_minimal'],
  ['an empty serial number', { serialNumber: '0200' }, 'integer_not_minimal'],
  ['a serial number of 1,025 octets', { serialNumber: `02820401${'01'.repeat(1025)}` }, 'integer_too_long'],
  ['no validity', { validity: '' }, 'unexpected_tag'],
  ['one time only', { validity: `300f170d${hex(Buffer.from('260102030405Z'))}` }, 'truncated'],
  [
    'V3 a time without seconds',
    { validity: `301c170b${hex(Buffer.from('2601020304Z'))}170d${hex(Buffer.from('270102030404Z'))}` },
    'time_invalid',
  ],
  [
    'V3 a time with an offset',
    {
      validity: `3022 1711${hex(Buffer.from('260102030405+0900'))}170d${hex(Buffer.from('270102030404Z'))}`,
    },
    'time_invalid',
  ],
  ['a name that is a SET', { issuer: '3100' }, 'unexpected_tag'],
  ['K25 a NUL in the subject', { subject: '300f310d300b06035504030c0461006274' }, 'control_character'],
  ['a key of the wrong size', { key: `3029300506032b6570032000${'21'.repeat(31)}` }, 'key_invalid'],
  ['empty extensions', { rest: 'a3023000' }, 'extensions_empty'],
  [
    'K7 one extension twice',
    { rest: 'a318301630090603551d1304023000 30090603551d1304023000' },
    'extension_duplicate',
  ],
  ['bytes after the extensions', { rest: `${extensions}0500` }, 'trailing_bytes'],
  [
    'bytes beside the extensions in their tag',
    { rest: 'a30f300b30090603551d13040230000500' },
    'trailing_bytes',
  ],
  ['a signature with unused bits', { signature: '030301aabc' }, 'bit_string_invalid'],
  ['no signature', { signature: '' }, 'truncated'],
  ['a fourth element', { signature: '030300aabb0500' }, 'trailing_bytes'],
]
for (const [what, parts, refusal] of malformed) {
  test(`a certificate with ${what} is refused`, () => {
    assert.equal(
      refusalOf(() => parseCertificate(certificateOf(parts))),
      refusal,
    )
  })
}

test('K4 K5 every truncation of a certificate and every change of one octet is read or refused by a typed error', () => {
  const sound = certificateOf({})
  for (let length = 0; length < sound.length; length += 1) {
    refusalOf(() => parseCertificate(sound.subarray(0, length)))
  }
  for (let index = 0; index < sound.length; index += 1) {
    for (const value of [0x00, 0x30, 0x7f, 0x80, 0xff]) {
      const changed = sound.slice()
      changed[index] = value
      outcomeOf(() => parseCertificate(changed))
    }
  }
})
