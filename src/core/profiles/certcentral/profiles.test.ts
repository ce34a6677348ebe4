import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, test } from 'node:test'
import { assembleCertificate, compileCertificateTemplate } from '../../../pki/certificate-template.ts'
import { encodeGeneralNames, type GeneralName } from '../../../pki/general-names.ts'
import { encodeName } from '../../../pki/names.ts'
import { oids } from '../../../pki/oids.ts'
import { authorityId } from '../../brand.ts'
import { lint } from '../../lint/lint.ts'
import { lintTemplate, lintUnsigned } from '../../lint/lint-issuance.ts'
import { leafExtensions } from '../extensions.ts'
import type { LeafProfile } from '../profile.ts'
import { leafProfiles } from '../profiles.ts'
import { orderSubject } from '../subject.ts'
import { certcentralProfiles } from './profiles.ts'

const keyIdentifier = new Uint8Array(20).fill(0x42)
const issuer = { id: authorityId(7), keyIdentifier, crlShards: 1, publicUrl: 'http://pki.example.com' }
const issuerDer = encodeName([
  { type: oids.countryName, value: 'NL' },
  { type: oids.organizationName, value: 'Example' },
  { type: oids.commonName, value: 'Example CA' },
])
const keys = {
  signature: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 3072 }),
}

const host = 'www.example.com'
const mailbox = 'ada@example.com'
const organization = 'Example B.V.'
const values: ReadonlyMap<string, string> = new Map([
  [oids.countryName, 'NL'],
  [oids.stateOrProvinceName, 'Noord-Holland'],
  [oids.localityName, 'Amsterdam'],
  [oids.organizationName, organization],
  [oids.organizationalUnitName, 'Research'],
  [oids.organizationIdentifier, 'NTRNL-12345678'],
  [oids.surname, 'Lovelace'],
  [oids.givenName, 'Ada'],
  [oids.emailAddress, mailbox],
  [oids.businessCategory, 'Private Organization'],
  [oids.jurisdictionCountryName, 'NL'],
  [oids.serialNumber, '12345678'],
])

/** Every attribute the profile has a place for, in any order. */
function subjectOf({ subjectAttributes, alternativeNames: { types } }: LeafProfile): Uint8Array {
  const commonName = types.includes('dns') ? host : types.includes('email') ? mailbox : organization
  const given = [...values, [oids.commonName, commonName] as const]
    .filter(([type]) => subjectAttributes.includes(type))
    .map(([type, value]) => ({ type, value }))
  return encodeName(orderSubject(given.reverse(), subjectAttributes))
}

function namesOf({ alternativeNames: { types } }: LeafProfile): readonly GeneralName[] {
  if (types.includes('dns')) return [{ type: 'dns', value: host }]
  return types.includes('email') ? [{ type: 'email', value: mailbox }] : []
}

function tbsOf(profile: LeafProfile, keyClass: 'rsa' | 'signature', days: number): Uint8Array {
  const made = compileCertificateTemplate({
    issuerDer,
    signatureAlgorithm: 'ecdsa-sha256',
    extensions: leafExtensions(profile, keyClass, issuer, 0),
  })
  const names = namesOf(profile)
  const notBefore = Date.UTC(2026, 10, 22)
  return made.tbs({
    serialNumber: Uint8Array.of(0x4c, ...new Uint8Array(15).fill(0x99)),
    notBefore,
    notAfter: notBefore + days * 86_400_000 - 1_000,
    subjectDer: subjectOf(profile),
    spkiDer: keys[keyClass].publicKey.export({ format: 'der', type: 'spki' }),
    subjectKeyIdentifier: keyIdentifier,
    ...(names.length > 0 && { subjectAltName: encodeGeneralNames(names) }),
  })
}

const strictnessOf = ({ id }: LeafProfile) => (id.startsWith('private-') ? 'private-tls' : 'public-tls')

describe('profiles of ordered products', () => {
  test('are registered, each under an id of its own', () => {
    assert.equal(new Set(certcentralProfiles.map(({ id }) => id)).size, certcentralProfiles.length)
    for (const profile of certcentralProfiles) assert.equal(leafProfiles.get(profile.id), profile)
  })

  for (const profile of certcentralProfiles) {
    for (const keyClass of ['rsa', 'signature'] as const) {
      test(`V14 ${profile.id} over a key for ${keyClass} has no finding under ${strictnessOf(profile)}`, () => {
        const options = { strictness: strictnessOf(profile) } as const
        const tbsDer = tbsOf(profile, keyClass, profile.defaultLifetimeDays)
        const linted = lintTemplate(tbsDer, options)
        assert.deepEqual(linted.findings, [])
        assert.deepEqual(linted.lint(tbsDer), [])
        assert.deepEqual(lintUnsigned(tbsDer, options), [])
        const signature = sign('sha256', tbsDer, keys.signature.privateKey)
        assert.deepEqual(lint(assembleCertificate(tbsDer, 'ecdsa-sha256', signature), options), [])
      })
    }
  }

  test('lets no certificate of a fixed longest lifetime be longer than the requirements', () => {
    for (const profile of certcentralProfiles) {
      const { maximumLifetimeDays: days } = profile
      if (typeof days !== 'number') continue
      assert.deepEqual(lintUnsigned(tbsOf(profile, 'rsa', days), { strictness: strictnessOf(profile) }), [])
    }
  })

  test('N15 has no place for organizational units in certificates of the public hierarchy', () => {
    for (const profile of certcentralProfiles) {
      const hasUnits = profile.subjectAttributes.includes(oids.organizationalUnitName)
      assert.equal(hasUnits, profile.id.startsWith('private-'), profile.id)
    }
  })

  test('V2 holds public servers to the dated limits, of which no default is longer', () => {
    for (const { id, maximumLifetimeDays, defaultLifetimeDays } of certcentralProfiles) {
      if (!/^(tls|grid)-/.test(id)) continue
      assert.ok(Array.isArray(maximumLifetimeDays), id)
      assert.ok(defaultLifetimeDays <= 47, id)
    }
  })
})
