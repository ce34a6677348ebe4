import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  answer,
  buildCrl,
  issueLeaf,
  revokedEntry,
  serialNumber,
  subscriber,
} from '../../test/support/issued-objects.ts'
import { outcomeOf } from '../../test/support/refusals.ts'
import { parseCertificate } from './certificate.ts'
import { assembleCertificate, compileCertificateTemplate } from './certificate-template.ts'
import { parseCrl } from './crl.ts'
import { assembleCrl, type RevokedCertificate, TbsCertListBuilder } from './crl-builder.ts'
import { encodeAlternativeNames, parseSubjectAltName } from './extensions/alternative-names.ts'
import { encodeBasicConstraints } from './extensions/basic-constraints.ts'
import type { CrlReason } from './extensions/crl-entry.ts'
import { extensionValue } from './extensions/extension.ts'
import { checkExtensionValue } from './extensions/known-extensions.ts'
import type { GeneralName } from './general-names.ts'
import { encodeName } from './names.ts'
import { encodeCertId } from './ocsp-cert-id.ts'
import { encodeOcspRequest, parseOcspRequest } from './ocsp-request.ts'
import { parseOcspResponse } from './ocsp-response-reader.ts'
import { oids } from './oids.ts'
import '../../test/support/seed.ts'

const certIdDer = encodeCertId('sha1', subscriber, serialNumber)

interface Sample {
  readonly what: string
  readonly sound: Uint8Array
  readonly read: (der: Uint8Array) => void
}

const samples: readonly Sample[] = [
  {
    what: 'certificates',
    sound: issueLeaf(subscriber, serialNumber),
    read: (der) => parseCertificate(der).extensions.forEach(checkExtensionValue),
  },
  {
    what: 'CRLs',
    sound: buildCrl(subscriber, [revokedEntry, { ...revokedEntry, reasonCode: 4 }]),
    read: (der) => parseCrl(der).extensions.forEach(checkExtensionValue),
  },
  {
    what: 'OCSP requests',
    sound: encodeOcspRequest([certIdDer, certIdDer], new Uint8Array(32)),
    read: (der) => parseOcspRequest(der),
  },
  {
    what: 'OCSP responses',
    sound: answer(subscriber, { certIds: [certIdDer, certIdDer], nonce: new Uint8Array(32) }),
    read: (der) => parseOcspResponse(der),
  },
]

/** Cuts a run of octets out of the sound bytes and puts others in its place, up to three times. */
function mutationsOf(sound: Uint8Array): fc.Arbitrary<Uint8Array> {
  const splice = fc.record({
    start: fc.nat(sound.length),
    removed: fc.nat(4),
    inserted: fc.uint8Array({ maxLength: 4 }),
  })
  return fc
    .array(splice, { minLength: 1, maxLength: 3 })
    .map((splices) =>
      splices.reduce<Uint8Array>(
        (bytes, { start, removed, inserted }) =>
          Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(start + removed)]),
        sound,
      ),
    )
}

for (const { what, sound, read } of samples) {
  test(`2,500 mutated ${what} are read or refused by a typed error`, () => {
    read(sound)
    fc.assert(
      fc.property(mutationsOf(sound), (der) => {
        outcomeOf(() => read(der))
      }),
      { numRuns: 2_500 },
    )
  })
}

const serialNumbers = fc
  .uint8Array({ minLength: 1, maxLength: 20 })
  .map((octets) => octets.map((octet, index) => (index === 0 ? (octet & 0x7f) | 1 : octet)))

/** Whole seconds from 1950 to 2099. */
const instants = fc.integer({ min: -631_152_000, max: 4_102_444_799 }).map((second) => second * 1000)

const dnsNames = fc
  .array(fc.domain(), { minLength: 1, maxLength: 40 })
  .map((names) => names.map((value): GeneralName => ({ type: 'dns', value })))

const template = compileCertificateTemplate({
  issuerDer: subscriber.subjectDer,
  signatureAlgorithm: 'ecdsa-sha256',
  extensions: [encodeBasicConstraints({ cA: false }, false), 'subjectKeyIdentifier', 'subjectAltName'],
})

test('V3 every serial number, validity and set of names that a template takes is read back', () => {
  fc.assert(
    fc.property(
      serialNumbers,
      fc.tuple(instants, instants),
      fc.option(dnsNames, { nil: undefined }),
      fc.string({ minLength: 1, maxLength: 64 }).filter((text) => !/\p{Cc}/u.test(text)),
      (serial, [one, other], names, commonName) => {
        const [notBefore, notAfter] = [Math.min(one, other), Math.max(one, other)]
        const tbs = template.tbs({
          serialNumber: serial,
          notBefore,
          notAfter,
          subjectDer: encodeName([{ type: oids.commonName, value: commonName }]),
          spkiDer: subscriber.spki.der,
          subjectKeyIdentifier: subscriber.subjectKeyIdentifier,
          ...(names && { subjectAltName: encodeAlternativeNames(names) }),
        })
        const read = parseCertificate(assembleCertificate(tbs, 'ecdsa-sha256', Uint8Array.of(1)))
        assert.deepEqual(read.tbsDer, tbs)
        assert.deepEqual(read.serialNumber, serial)
        assert.deepEqual([read.notBefore, read.notAfter], [notBefore, notAfter])
        assert.equal(read.subject[0]?.value, commonName)
        assert.deepEqual(extensionValue(read.extensions, oids.subjectAltName, parseSubjectAltName), names)
      },
    ),
    { numRuns: 500 },
  )
})

const reasons = fc.constantFrom<CrlReason | undefined>(undefined, 1, 2, 3, 4, 5, 6, 9, 10)

const revokedCertificates = fc
  .record({
    serialNumber: serialNumbers,
    revocationDate: instants,
    reasonCode: reasons,
    invalidityDate: fc.option(instants, { nil: undefined }),
  })
  .map(
    ({ reasonCode, invalidityDate, ...entry }): RevokedCertificate => ({
      ...entry,
      ...(reasonCode !== undefined && { reasonCode }),
      ...(invalidityDate !== undefined && { invalidityDate }),
    }),
  )

test('every list of entries that a CRL takes is read back in its order', () => {
  fc.assert(
    fc.property(fc.array(revokedCertificates, { maxLength: 200 }), (entries) => {
      const builder = new TbsCertListBuilder({
        issuerDer: subscriber.subjectDer,
        signatureAlgorithm: 'ecdsa-sha256',
        thisUpdate: 0,
        nextUpdate: 1000,
        crlNumber: 1,
        authorityKeyIdentifier: subscriber.subjectKeyIdentifier,
      })
      for (const entry of entries) {
        builder.add(entry)
      }
      const crl = parseCrl(assembleCrl(builder.finish(), 'ecdsa-sha256', Uint8Array.of(1)))
      const read = [...crl.entries()].map(({ extensions: _, ...entry }) => entry)
      assert.deepEqual(read, entries)
    }),
    { numRuns: 200 },
  )
})
