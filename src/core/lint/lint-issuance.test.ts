import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { assembleCertificate, compileCertificateTemplate } from '../../pki/certificate-template.ts'
import { encodeBasicConstraints } from '../../pki/extensions/basic-constraints.ts'
import { encodeExtendedKeyUsage } from '../../pki/extensions/extended-key-usage.ts'
import { encodeKeyUsage } from '../../pki/extensions/key-usage.ts'
import { encodeGeneralNames, type GeneralName } from '../../pki/general-names.ts'
import { encodeName, type NameInput } from '../../pki/names.ts'
import { oids } from '../../pki/oids.ts'
import { authorityId } from '../brand.ts'
import { isFault } from '../faults.ts'
import { checkAlternativeNames } from '../policy/names/alternative-names.ts'
import { nameRules } from '../policy/names/name-rules.ts'
import { checkSubject } from '../policy/names/subject.ts'
import { leafExtensions } from '../profiles/extensions.ts'
import type { LeafProfile } from '../profiles/profile.ts'
import { tinycertLeaf } from '../profiles/tinycert.ts'
import { tlsClient, tlsMutual, tlsServer } from '../profiles/tls.ts'
import { lint } from './lint.ts'
import { errorsOf, lintTemplate, lintUnsigned } from './lint-issuance.ts'
import '../../../test/support/seed.ts'

const keyIdentifier = new Uint8Array(20).fill(0x42)
const issuerFacts = { id: authorityId(7), keyIdentifier, crlShards: 1, publicUrl: 'http://pki.example.com' }
const issuerDer = encodeName([
  { type: oids.countryName, value: 'NL' },
  { type: oids.organizationName, value: 'Example' },
  { type: oids.commonName, value: 'Example CA' },
])
const keys = {
  signature: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
const host: GeneralName = { type: 'dns', value: 'www.example.com' }
const privateRules = { strictness: 'private-tls' } as const

type Extensions = Parameters<typeof compileCertificateTemplate>[0]['extensions']

function template(extensions: Extensions) {
  return compileCertificateTemplate({ issuerDer, signatureAlgorithm: 'ecdsa-sha256', extensions })
}

interface Content {
  readonly names: readonly GeneralName[]
  readonly subject: readonly NameInput[]
  readonly keyClass: 'rsa' | 'signature'
  readonly days: number
}

const plain: Content = {
  names: [host],
  subject: [{ type: oids.commonName, value: 'www.example.com' }],
  keyClass: 'signature',
  days: 90,
}

function tbs(made: ReturnType<typeof template>, content: Partial<Content> = {}): Uint8Array {
  const { names, subject, keyClass, days } = { ...plain, ...content }
  const notBefore = Date.UTC(2026, 10, 1)
  return made.tbs({
    serialNumber: Uint8Array.of(0x4c, ...new Uint8Array(15).fill(0x99)),
    notBefore,
    notAfter: notBefore + days * 86_400_000 - 1_000,
    subjectDer: encodeName(subject),
    spkiDer: keys[keyClass].publicKey.export({ format: 'der', type: 'spki' }),
    subjectKeyIdentifier: keyIdentifier,
    ...(names.length > 0 && { subjectAltName: encodeGeneralNames(names) }),
  })
}

const profiles: readonly LeafProfile[] = [tlsServer, tlsMutual, tlsClient, tinycertLeaf]

describe('what the profiles make', () => {
  for (const profile of profiles) {
    for (const keyClass of ['rsa', 'signature'] as const) {
      test(`V14 ${profile.id} over a key for ${keyClass} has no finding, as a template, unsigned and signed`, () => {
        const made = template(leafExtensions(profile, keyClass, issuerFacts, 0))
        const linted = lintTemplate(tbs(made, { keyClass }), privateRules)
        assert.deepEqual(linted.findings, [])
        const tbsDer = tbs(made, {
          keyClass,
          names: [host, { type: 'ip', bytes: Uint8Array.of(8, 8, 8, 8) }],
        })
        assert.deepEqual(linted.lint(tbsDer), [])
        assert.deepEqual(lintUnsigned(tbsDer, privateRules), [])
        const signature = sign('sha256', tbsDer, keys.signature.privateKey)
        assert.deepEqual(lint(assembleCertificate(tbsDer, 'ecdsa-sha256', signature), privateRules), [])
      })
    }
  }
})

describe('linting issuance', () => {
  const made = template(leafExtensions(tlsServer, 'signature', issuerFacts, 0))
  const linted = lintTemplate(tbs(made), privateRules)
  const rulesFound = (tbsDer: Uint8Array) => linted.lint(tbsDer).map(({ rule }) => rule)

  test('a defect that comes with one certificate is found', () => {
    for (const [content, rule] of [
      [{ names: [{ type: 'dns', value: 'a_b.example.com' }] }, 'subject-dns-name-underscore'],
      [{ names: [{ type: 'dns', value: 'www..example.com' }] }, 'subject-dns-name-syntax'],
      [{ names: [{ type: 'dns', value: 'xn--zzzzzzz9999999.example.com' }] }, 'subject-dns-name-a-labels'],
      [{ names: [{ type: 'uri', value: 'example.com' }] }, 'subject-uri-absolute'],
      [{ names: [{ type: 'email', value: '<a@example.com>' }] }, 'subject-email-syntax'],
      [{ subject: [{ type: oids.commonName, value: 'c'.repeat(65) }] }, 'common-name-length'],
      [{ subject: [{ type: oids.emailAddress, value: 'a@example.com' }] }, 'subject-email-among-names'],
    ] as const) {
      assert.deepEqual(rulesFound(tbs(made, content)), [rule])
    }
  })

  test('a key that its usages do not fit is found although the template is sound', () => {
    const forRsa = template(leafExtensions(tlsServer, 'rsa', issuerFacts, 0))
    const lintedForRsa = lintTemplate(tbs(forRsa, { keyClass: 'rsa' }), privateRules)
    assert.deepEqual(
      lintedForRsa.lint(tbs(forRsa, { keyClass: 'signature' })).map(({ rule }) => rule),
      ['ec-key-usage'],
    )
  })

  test('a certificate of another template is refused', () => {
    const others: readonly [string, Extensions][] = [
      ['another purpose', leafExtensions(tlsMutual, 'signature', issuerFacts, 0)],
      [
        'another CRL',
        leafExtensions(tlsServer, 'signature', { ...issuerFacts, publicUrl: 'http://x.test' }, 0),
      ],
      ['an extension less', leafExtensions({ ...tlsServer, extKeyUsage: [] }, 'signature', issuerFacts, 0)],
      [
        'an extension more',
        leafExtensions({ ...tlsServer, netscapeCertType: true }, 'signature', issuerFacts, 0),
      ],
    ]
    for (const [title, extensions] of others) {
      assert.deepEqual(rulesFound(tbs(template(extensions))), ['template-kept'], title)
    }
    const otherIssuer = compileCertificateTemplate({
      issuerDer: encodeName([{ type: oids.commonName, value: 'Other' }]),
      signatureAlgorithm: 'ecdsa-sha256',
      extensions: leafExtensions(tlsServer, 'signature', issuerFacts, 0),
    })
    assert.deepEqual(rulesFound(tbs(otherIssuer)), ['template-kept'])
  })

  test('a template with a defect in its fixed parts is found once', () => {
    const broken = template([
      encodeKeyUsage(['keyCertSign'], true),
      encodeBasicConstraints({ cA: false }, true),
      encodeExtendedKeyUsage([oids.serverAuth, oids.serverAuth]),
      'subjectKeyIdentifier',
      'subjectAltName',
    ])
    const { findings } = lintTemplate(tbs(broken), privateRules)
    const found = findings.map(({ rule }) => rule)
    for (const rule of ['authority-key-identifier-present', 'key-cert-sign-with-ca', 'purposes-unique']) {
      assert(found.includes(rule), rule)
    }
  })

  test('a rule that a grant departs from is left out', () => {
    const accepted = new Set(['subject-dns-name-underscore'])
    const lenient = lintTemplate(tbs(made), { ...privateRules, accepted })
    assert.deepEqual(lenient.lint(tbs(made, { names: [{ type: 'dns', value: 'a_b.example.com' }] })), [])
  })

  test('V2 a server certificate of a public CA may last 200 days and no day more', () => {
    const strict = lintTemplate(tbs(made), { strictness: 'public-tls' })
    const rules = (days: number) => strict.lint(tbs(made, { days })).map(({ rule }) => rule)
    assert.deepEqual(rules(200), [])
    assert.deepEqual(rules(201), ['tls-validity-200-days'])
  })

  test('good practice is a warning in a private hierarchy and an error in a public one', () => {
    const subject = [{ type: oids.organizationName, value: 'MÃ¼ller' }]
    const names = [host]
    assert.deepEqual(errorsOf(linted.lint(tbs(made, { subject, names }))), [])
    assert.deepEqual(
      linted.lint(tbs(made, { subject, names })).map(({ rule, severity }) => `${rule} ${severity}`),
      ['subject-mojibake warning'],
    )
    const strict = lintTemplate(tbs(made), { strictness: 'public-tls' })
    assert(strict.lint(tbs(made, { subject, names })).some(({ rule }) => rule === 'subject-mojibake'))
  })
})

describe('policy and linter', () => {
  const everything = nameRules(tinycertLeaf, { internalNames: ['*'], privateAddresses: ['*'] })
  const made = template(leafExtensions(tinycertLeaf, 'signature', issuerFacts, 0))
  const linted = lintTemplate(tbs(made), { ...privateRules, accepted: new Set(['subject-uri-absolute']) })
  const nearMiss = fc.oneof(
    fc.string({
      unit: fc.constantFrom('a', 'B', '1', '-', '.', '*', '_', '@', ':', '/', 'ü', 'x', 'n', '[', ']', ' '),
    }),
    fc.webUrl(),
    fc.domain(),
    fc.emailAddress(),
    fc.ipV4(),
    fc.ipV6(),
    fc.string({ unit: 'grapheme' }),
  )

  test('names that the policy accepts raise no error', () => {
    const accepted = new Set<string>()
    fc.assert(
      fc.property(fc.constantFrom('dns', 'ip', 'email', 'uri'), nearMiss, (type, value) => {
        let names: GeneralName[]
        try {
          names = checkAlternativeNames([{ type, value, parameter: 'name' }], everything)
        } catch (error) {
          assert(isFault(error, 'name_refused'))
          return
        }
        accepted.add(type)
        assert.deepEqual(errorsOf(linted.lint(tbs(made, { names }))), [], `${type} ${value}`)
      }),
      { numRuns: 5_000 },
    )
    assert.deepEqual([...accepted].sort(), ['dns', 'email', 'ip', 'uri'])
  })

  test('subjects that the policy accepts raise no error', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 70 }),
      fc.string({ unit: 'binary', maxLength: 70 }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...tinycertLeaf.subjectAttributes), texts, (type, value) => {
        let subject: NameInput[]
        try {
          subject = checkSubject([{ type, value, parameter: 'name' }], tinycertLeaf.subjectAttributes)
        } catch (error) {
          assert(isFault(error, 'name_refused'))
          return
        }
        assert.deepEqual(errorsOf(linted.lint(tbs(made, { subject }))), [], JSON.stringify(value))
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('linting with the issuer at hand', () => {
  const made = template(leafExtensions(tlsServer, 'signature', issuerFacts, 0))
  const signed = (tbsDer: Uint8Array) =>
    assembleCertificate(tbsDer, 'ecdsa-sha256', sign('sha256', tbsDer, keys.signature.privateKey))

  test('a certificate under another name, beyond its issuer, or under a leaf is found', () => {
    const leaf = signed(tbs(made))
    const found = lint(leaf, privateRules, signed(tbs(made, { days: 89 }))).map(({ rule }) => rule)
    assert.deepEqual(found, ['issuer-name-copied', 'within-issuer-validity', 'issuer-is-ca'])
  })

  test('bytes that are no certificate are a finding, not an exception', () => {
    for (const bytes of [
      new Uint8Array(0),
      Uint8Array.of(0x30, 0x00),
      Uint8Array.of(0x30, 0x80, 0, 0),
      tbs(made),
    ]) {
      const found = lint(bytes, privateRules)
      assert(found.length > 0 && found.every(({ severity }) => severity === 'error'))
    }
  })

  test('no cut or altered certificate makes the linter throw', () => {
    const leaf = signed(tbs(made))
    fc.assert(
      fc.property(fc.nat(leaf.length - 1), fc.nat(255), fc.nat(leaf.length), (position, octet, length) => {
        const altered = Buffer.from(leaf)
        altered[position] = octet
        lint(altered, { strictness: 'public-tls' })
        lint(altered.subarray(0, length), { strictness: 'public-tls' })
      }),
      { numRuns: 3_000 },
    )
  })
})
