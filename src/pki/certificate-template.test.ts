import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../test/support/hex.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import { parseCertificate } from './certificate.ts'
import {
  assembleCertificate,
  type CertificateFields,
  compileCertificateTemplate,
  type ExtensionSlot,
} from './certificate-template.ts'
import { encodeAlternativeNames } from './extensions/alternative-names.ts'
import { encodeBasicConstraints } from './extensions/basic-constraints.ts'
import type { Extension } from './extensions/extension.ts'
import { encodeAuthorityKeyIdentifier } from './extensions/key-identifiers.ts'
import { encodeKeyUsage } from './extensions/key-usage.ts'
import { emptyNameDer, encodeName } from './names.ts'
import { oids } from './oids.ts'

const issuerKeyIdentifier = unhex('a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3')
const subjectKeyIdentifier = unhex('c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3')
const publicKey = '2152f8d19b791d24453242e15f2eab6cb7cffa7b6a5ed30097960e069881db12'

const issuerDer = encodeName([{ type: oids.commonName, value: 'root' }])
const alternativeNames = encodeAlternativeNames([{ type: 'dns', value: 'a.test' }])
const leafConstraints = encodeBasicConstraints({ cA: false }, false)

const fields: CertificateFields = {
  serialNumber: unhex('010203'),
  notBefore: Date.UTC(2026, 0, 2, 3, 4, 5),
  notAfter: Date.UTC(2027, 0, 2, 3, 4, 4),
  subjectDer: encodeName([{ type: oids.commonName, value: 'a.test' }]),
  spkiDer: unhex(`302a300506032b6570032100${publicKey}`),
  subjectAltName: alternativeNames,
  subjectKeyIdentifier,
}

function templateWith(
  extensions: readonly (Extension | ExtensionSlot)[],
  signatureAlgorithm: SignatureAlgorithm = 'ecdsa-sha256',
) {
  return compileCertificateTemplate({ issuerDer, signatureAlgorithm, extensions })
}

const leafTemplate = templateWith([
  leafConstraints,
  'subjectKeyIdentifier',
  encodeAuthorityKeyIdentifier(issuerKeyIdentifier),
  'subjectAltName',
])

test('V10 V13 the tbsCertificate of a leaf is exactly these octets', () => {
  const expected = [
    '3081e8',
    'a003020102',
    '0203010203',
    '300a06082a8648ce3d040302',
    '300f310d300b06035504030c04726f6f74',
    `301e170d${hex(Buffer.from('260102030405Z'))}170d${hex(Buffer.from('270102030404Z'))}`,
    '3011310f300d06035504030c06612e74657374',
    `302a300506032b6570032100${publicKey}`,
    'a360305e',
    '30090603551d1304023000',
    '301d0603551d0e04160414c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3',
    '301f0603551d23041830168014a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3',
    '30110603551d11040a30088206612e74657374',
  ]
  assert.equal(hex(leafTemplate.tbs(fields)), expected.join(''))
})

test('an empty subject makes the alternative names critical', () => {
  const tbs = hex(leafTemplate.tbs({ ...fields, subjectDer: emptyNameDer }))
  assert.ok(tbs.includes('5a3000302a30'), 'the subject is an empty SEQUENCE')
  assert.ok(tbs.endsWith('30140603551d110101ff040a30088206612e74657374'))
})

test('without alternative names the extension is left out and the lengths follow', () => {
  const { subjectAltName: _, ...nameless } = fields
  const tbs = leafTemplate.tbs(nameless)
  assert.equal(hex(tbs.subarray(0, 3)), '3081d5')
  assert.ok(hex(tbs).includes('a34d304b30090603551d13'))
  assert.ok(!hex(tbs).includes('0603551d11'))
})

test('alternative names of some kilobytes get long lengths and are read back', () => {
  const names = Array.from(
    { length: 250 },
    (_, index) => ({ type: 'dns', value: `host-${index}.a.test` }) as const,
  )
  const subjectAltName = encodeAlternativeNames(names)
  const tbs = leafTemplate.tbs({ ...fields, subjectAltName })
  const certificate = parseCertificate(assembleCertificate(tbs, 'ecdsa-sha256', unhex('3006020101020101')))
  const read = certificate.extensions.find(({ oid }) => oid === oids.subjectAltName)
  assert.deepEqual(read?.value, subjectAltName)
})

const firstOf2050 = Date.UTC(2050, 0, 1)
const validityCases: readonly (readonly [number, number, string])[] = [
  [
    firstOf2050 - 2000,
    firstOf2050 - 1000,
    '301e 170d 343931323331323335393538 5a 170d 343931323331323335393539 5a',
  ],
  [
    firstOf2050 - 1000,
    firstOf2050,
    '3020 170d 343931323331323335393539 5a 180f 3230353030313031303030303030 5a',
  ],
  [
    firstOf2050,
    firstOf2050 + 1000,
    '3022 180f 3230353030313031303030303030 5a 180f 3230353030313031303030303031 5a',
  ],
]
for (const [notBefore, notAfter, validity] of validityCases) {
  const period = `${new Date(notBefore).toISOString()} to ${new Date(notAfter).toISOString()}`
  test(`V3 ${period} is UTCTime to 2049 and GeneralizedTime from 2050, with seconds and Z`, () => {
    const tbs = leafTemplate.tbs({ ...fields, notBefore, notAfter })
    assert.ok(hex(tbs).includes(validity.replaceAll(' ', '')))
    const read = parseCertificate(assembleCertificate(tbs, 'ecdsa-sha256', unhex('3006020101020101')))
    assert.deepEqual([read.notBefore, read.notAfter], [notBefore, notAfter])
  })
}

/** RFC 4055, RFC 5758, RFC 8410 and RFC 9881: NULL with RSA, nothing with the others. */
const fixedIdentifiers: { readonly [A in SignatureAlgorithm]: string } = {
  'ecdsa-sha256': '300a06082a8648ce3d040302',
  'ecdsa-sha384': '300a06082a8648ce3d040303',
  'ecdsa-sha512': '300a06082a8648ce3d040304',
  'rsa-sha1': '300d06092a864886f70d0101050500',
  'rsa-sha256': '300d06092a864886f70d01010b0500',
  'rsa-sha384': '300d06092a864886f70d01010c0500',
  'rsa-sha512': '300d06092a864886f70d01010d0500',
  'rsa-pss-sha256':
    '304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
  'rsa-pss-sha384':
    '304106092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130',
  'rsa-pss-sha512':
    '304106092a864886f70d01010a3034a00f300d06096086480165030402030500a11c301a06092a864886f70d010108300d06096086480165030402030500a203020140',
  ed25519: '300506032b6570',
  'ml-dsa-44': '300b0609608648016503040311',
  'ml-dsa-65': '300b0609608648016503040312',
  'ml-dsa-87': '300b0609608648016503040313',
}
for (const { name } of Object.values(signatureAlgorithms)) {
  test(`V8 V9 ${name} stands inside and beside the signed bytes in its one fixed encoding`, () => {
    const tbs = templateWith([leafConstraints, 'subjectAltName'], name).tbs(fields)
    const certificateHex = hex(assembleCertificate(tbs, name, unhex('aabb')))
    const identifier = fixedIdentifiers[name]
    assert.ok(hex(tbs).slice(6).startsWith(`a003020102${'0203010203'}${identifier}`))
    assert.ok(certificateHex.endsWith(`${hex(tbs)}${identifier}030300aabb`))
  })
}

const impossible: readonly (readonly [string, Partial<CertificateFields>])[] = [
  ['serial number 0', { serialNumber: unhex('00') }],
  ['a negative serial number', { serialNumber: unhex('80') }],
  ['a serial number of 21 octets', { serialNumber: unhex(`7f${'00'.repeat(20)}`) }],
  ['an empty serial number', { serialNumber: unhex('') }],
  ['notAfter before notBefore', { notAfter: fields.notBefore - 1000 }],
  ['a time that is no number', { notBefore: Number.NaN }],
  ['a time after the year 9999', { notAfter: Date.UTC(10_000, 0, 1) }],
]
for (const [what, change] of impossible) {
  test(`V6 a certificate with ${what} is not encoded`, () => {
    assert.throws(() => leafTemplate.tbs({ ...fields, ...change }))
  })
}

test('a serial number of 20 octets is encoded', () => {
  const serialNumber = unhex(`7f${'ff'.repeat(19)}`)
  assert.ok(hex(leafTemplate.tbs({ ...fields, serialNumber })).includes(`0214${hex(serialNumber)}300a`))
})

test('fields that do not fit the slots of the template are refused instead of dropped', () => {
  const { subjectAltName: _names, ...nameless } = fields
  const { subjectKeyIdentifier: _identifier, ...unidentified } = fields
  const slotless = templateWith([leafConstraints])
  assert.throws(() => slotless.tbs(fields), /no place for alternative names/)
  assert.throws(() => leafTemplate.tbs(unidentified), /needs the subject key identifier/)
  assert.throws(() => leafTemplate.tbs({ ...nameless, subjectDer: emptyNameDer }), /empty subject/)
  assert.equal(slotless.tbs(nameless).length, 152, 'a key identifier without slot is not used')
})

test('a template with an extension twice or with slots alone is not compiled', () => {
  const usage = encodeKeyUsage(['digitalSignature'], true)
  assert.throws(() => templateWith([usage, usage]), /twice/)
  assert.throws(() => templateWith([leafConstraints, 'subjectAltName', 'subjectAltName']), /twice/)
  assert.throws(() => templateWith(['subjectAltName', 'subjectKeyIdentifier']), /every certificate has/)
  assert.throws(() => templateWith([]), /every certificate has/)
})
