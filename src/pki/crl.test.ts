import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hex, unhex } from '../../test/support/hex.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { type CrlEntry, parseCrl, parseCrlInSteps } from './crl.ts'
import {
  assembleCrl,
  buildTbsCertList,
  type RevokedCertificate,
  TbsCertListBuilder,
  type TbsCertListOptions,
} from './crl-builder.ts'
import { encodeCrlDistributionPoints } from './extensions/crl-distribution-points.ts'
import { encodeName } from './names.ts'
import { oids } from './oids.ts'

const keyIdentifier = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3'
const authorityKeyIdentifier = `301f0603551d23041830168014${keyIdentifier}`
const thisUpdate = `170d${hex(Buffer.from('260102030405Z'))}`
const nextUpdate = `170d${hex(Buffer.from('260109030405Z'))}`
const algorithm = '300a06082a8648ce3d040302'
const issuer = '300f310d300b06035504030c04726f6f74'
const head = `020101${algorithm}${issuer}${thisUpdate}${nextUpdate}`

const options: TbsCertListOptions = {
  issuerDer: encodeName([{ type: oids.commonName, value: 'root' }]),
  signatureAlgorithm: 'ecdsa-sha256',
  thisUpdate: Date.UTC(2026, 0, 2, 3, 4, 5),
  nextUpdate: Date.UTC(2026, 0, 9, 3, 4, 5),
  crlNumber: 258,
  authorityKeyIdentifier: unhex(keyIdentifier),
}

function build(entries: Iterable<RevokedCertificate>, more: Partial<TbsCertListOptions> = {}): Uint8Array {
  const steps = buildTbsCertList({ ...options, ...more }, entries)
  for (;;) {
    const step = steps.next()
    if (step.done) {
      return step.value
    }
  }
}

function entryHex(serialNumber: string, date: string, extensions = ''): string {
  const contents = `02${length(serialNumber)}${serialNumber}${date}${extensions}`
  return `30${length(contents)}${contents}`
}

function length(contents: string): string {
  return (contents.length / 2).toString(16).padStart(2, '0')
}

const numberExtension = '300b0603551d14040402020102'

test('R15 a CRL with nothing revoked has no revokedCertificates, and its number and key identifier are fine', () => {
  assert.equal(hex(build([])), `3070${head}a030302e${authorityKeyIdentifier}${numberExtension}`)
})

const revokedOn = Date.UTC(2026, 0, 1, 12)
const revokedHex = `170d${hex(Buffer.from('260101120000Z'))}`

test('entries are written in the order given, with reason and invalidity date only where there are any', () => {
  const tbs = build([
    { serialNumber: unhex('02'), revocationDate: revokedOn, reasonCode: 1 },
    { serialNumber: unhex('01'), revocationDate: revokedOn },
    { serialNumber: unhex('0080'), revocationDate: revokedOn, invalidityDate: revokedOn - 1000 },
    {
      serialNumber: unhex('7f'.repeat(20)),
      revocationDate: Date.UTC(2050, 0, 1),
      reasonCode: 4,
      invalidityDate: revokedOn,
    },
  ])
  const invalidity = (text: string) => `30180603551d180411180f${hex(Buffer.from(text))}`
  const entries = [
    entryHex('02', revokedHex, '300c300a0603551d1504030a0101'),
    entryHex('01', revokedHex),
    entryHex('0080', revokedHex, `301a${invalidity('20260101115959Z')}`),
    entryHex(
      '7f'.repeat(20),
      `180f${hex(Buffer.from('20500101000000Z'))}`,
      `3026300a0603551d1504030a0104${invalidity('20260101120000Z')}`,
    ),
  ].join('')
  const extensions = `a030302e${authorityKeyIdentifier}${numberExtension}`
  const list = `3081${length(entries)}${entries}`
  const contents = head + list + extensions
  assert.equal(hex(tbs), `308201${(contents.length / 2 - 256).toString(16)}${contents}`)
})

test('R9 reason 0 and no reason write the same entry without extensions', () => {
  const entry = { serialNumber: unhex('05'), revocationDate: revokedOn }
  assert.deepEqual(build([{ ...entry, reasonCode: 0 }]), build([entry]))
})

test('R16 a sharded CRL names its distribution point with the octets of the certificates extension', () => {
  const url = 'http://a.test/crl/1-3.crl'
  const tbs = build([], { issuingDistributionPoint: { urls: [url], only: 'userCertificates' } })
  const certificateSide = hex(encodeCrlDistributionPoints([url]).value.subarray(4))
  assert.ok(hex(tbs).endsWith(`30${'2e'}0603551d1c0101ff04243022${certificateSide}8101ff`))
})

test('a CRL is read back with all that was written', () => {
  const entries: RevokedCertificate[] = [
    { serialNumber: unhex('02'), revocationDate: revokedOn, reasonCode: 1 },
    { serialNumber: unhex('0080'), revocationDate: revokedOn, invalidityDate: revokedOn - 1000 },
  ]
  const crl = parseCrl(assembleCrl(build(entries), 'ecdsa-sha256', unhex('aabb')))
  assert.equal(crl.version, 2)
  assert.equal(crl.signatureAlgorithm, 'ecdsa-sha256')
  assert.equal(hex(crl.issuerDer), issuer)
  assert.equal(crl.thisUpdate, options.thisUpdate)
  assert.equal(crl.nextUpdate, options.nextUpdate)
  assert.equal(crl.crlNumber, 258n)
  assert.equal(hex(crl.signature), 'aabb')
  assert.deepEqual(
    crl.extensions.map(({ oid }) => oid),
    [oids.authorityKeyIdentifier, oids.cRLNumber],
  )
  assert.equal(crl.entryCount, 2)
  assert.deepEqual(
    [...crl.entries()].map(({ extensions: _, ...entry }: CrlEntry) => entry),
    entries,
  )
})

function* manyEntries(count: number): Generator<RevokedCertificate> {
  for (let index = 1; index <= count; index += 1) {
    const serialNumber = new Uint8Array(16).fill(1)
    new DataView(serialNumber.buffer).setUint32(12, index)
    yield { serialNumber, revocationDate: revokedOn + index * 1000, reasonCode: index % 2 === 0 ? 1 : 0 }
  }
}

test('25,000 entries are built and read in steps between which the caller gets its turn', () => {
  const building = buildTbsCertList(options, manyEntries(25_000))
  assert.deepEqual(building.next(), { done: false, value: 10_000 })
  assert.deepEqual(building.next(), { done: false, value: 20_000 })
  const built = building.next()
  assert.ok(built.done)
  const reading = parseCrlInSteps(assembleCrl(built.value, 'ecdsa-sha256', unhex('aa')))
  assert.deepEqual(reading.next(), { done: false, value: 10_000 })
  assert.deepEqual(reading.next(), { done: false, value: 20_000 })
  const read = reading.next()
  assert.ok(read.done)
  assert.equal(read.value.entryCount, 25_000)
  let index = 0
  for (const entry of read.value.entries()) {
    index += 1
    assert.equal(new DataView(entry.serialNumber.slice().buffer).getUint32(12), index)
    assert.equal(entry.revocationDate, revokedOn + index * 1000)
    assert.equal(entry.reasonCode, index % 2 === 0 ? 1 : undefined)
  }
  assert.equal(index, 25_000)
})

test('a million entries need at most two and a half times the size of the list while it is built', () => {
  const before = process.memoryUsage().arrayBuffers
  const steps = buildTbsCertList(options, manyEntries(1_000_000))
  let largest = 0
  let turns = 0
  for (;;) {
    const step = steps.next()
    largest = Math.max(largest, process.memoryUsage().arrayBuffers - before)
    if (step.done) {
      assert.ok(largest < 2.5 * step.value.length, `${largest} octets for ${step.value.length}`)
      break
    }
    turns += 1
  }
  assert.equal(turns, 100)
})

test('a builder fed entry by entry gives the same octets and is empty afterwards', () => {
  const builder = new TbsCertListBuilder(options)
  for (const entry of manyEntries(500)) {
    builder.add(entry)
  }
  assert.equal(builder.entryCount, 500)
  assert.deepEqual(builder.finish(), build(manyEntries(500)))
  assert.equal(builder.entryCount, 0)
  assert.deepEqual(builder.finish(), build([]))
})

const impossible: readonly (readonly [string, Partial<RevokedCertificate>])[] = [
  ['serial number 0', { serialNumber: unhex('00') }],
  ['a negative serial number', { serialNumber: unhex('ff') }],
  ['a serial number of 21 octets', { serialNumber: unhex(`01${'00'.repeat(20)}`) }],
  ['a serial number with a leading zero', { serialNumber: unhex('0001') }],
  ['reason 8, which is for delta CRLs', { reasonCode: 8 }],
  ['a date that is no number', { revocationDate: Number.NaN }],
]
for (const [what, change] of impossible) {
  test(`an entry with ${what} is not encoded`, () => {
    const entry = { serialNumber: unhex('01'), revocationDate: revokedOn, ...change }
    assert.throws(() => build([entry]))
  })
}

test('nextUpdate lies after thisUpdate', () => {
  assert.throws(() => build([], { nextUpdate: options.thisUpdate }), RangeError)
  assert.throws(() => build([], { nextUpdate: Number.NaN }), RangeError)
})

function crlOf(tbsContents: string, outer = algorithm): Uint8Array {
  const tbs = tbsContents.replaceAll(' ', '')
  const tbsElement = tbs.length / 2 < 0x80 ? `30${length(tbs)}${tbs}` : `3081${length(tbs)}${tbs}`
  const contents = `${tbsElement}${outer}030200aa`
  return unhex(
    contents.length / 2 < 0x80 ? `30${length(contents)}${contents}` : `3081${length(contents)}${contents}`,
  )
}

const goodEntry = entryHex('01', revokedHex)
const malformed: readonly (readonly [string, Uint8Array, string])[] = [
  ['version 3', crlOf(head.replace('020101', '020102')), 'version_unsupported'],
  ['a written version 1', crlOf(head.replace('020101', '020100')), 'version_unsupported'],
  ['V8 two signature algorithms', crlOf(head, '300a06082a8648ce3d040303'), 'signature_algorithms_differ'],
  ['R15 an empty revokedCertificates', crlOf(`${head}3000`), 'structure_invalid revokedCertificates'],
  ['an entry without date', crlOf(`${head}3005 3003020101`), 'truncated'],
  ['an entry of another type', crlOf(`${head}3002 0500`), 'unexpected_tag'],
  ['a third field in an entry', crlOf(`${head}3016 3014020101${revokedHex}0500`), 'unexpected_tag'],
  ['empty entry extensions', crlOf(`${head}3016 3014020101${revokedHex}3000`), 'extensions_empty'],
  [
    'a reason that is none',
    crlOf(`${head}3022 3020020101${revokedHex}300c300a0603551d1504030a0107`),
    'extension_malformed out_of_range',
  ],
  [
    'extensions in version 1',
    crlOf(`${head.slice(6)}a00f300d${numberExtension}`),
    'structure_invalid crlExtensions',
  ],
  [
    'entry extensions in version 1',
    crlOf(`${head.slice(6)}3022 3020020101${revokedHex}300c300a0603551d1504030a0101`),
    'structure_invalid crlEntryExtensions',
  ],
  ['empty extensions', crlOf(`${head}a0023000`), 'extensions_empty'],
  ['bytes after the extensions', crlOf(`${head}a00f300d${numberExtension}0500`), 'trailing_bytes'],
  ['K4 bytes after it', Buffer.concat([crlOf(head), unhex('00')]), 'trailing_bytes'],
  ['a list of entries cut short', crlOf(`${head}3018${goodEntry}`), 'truncated'],
]
for (const [what, der, refusal] of malformed) {
  test(`a CRL with ${what} is refused`, () => {
    assert.equal(
      refusalOf(() => parseCrl(der)),
      refusal,
    )
  })
}

test('a CRL of version 1 with entries and without nextUpdate is read', () => {
  const list = `30${length(goodEntry)}${goodEntry}`
  const crl = parseCrl(crlOf(`${algorithm}${issuer}${thisUpdate}${list}`))
  assert.deepEqual([crl.version, crl.nextUpdate, crl.crlNumber, crl.entryCount], [1, undefined, undefined, 1])
})
