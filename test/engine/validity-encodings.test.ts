import assert from 'node:assert/strict'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { Certificate as PkijsCertificate } from 'pkijs'
import type { AuthorityRecord } from '../../src/core/authorities/authority.ts'
import { lintDepartures } from '../../src/core/authorities/lint-departures.ts'
import { isFault } from '../../src/core/faults.ts'
import { lint } from '../../src/core/lint/lint.ts'
import { errorsOf } from '../../src/core/lint/lint-issuance.ts'
import { leafProfiles } from '../../src/core/profiles/profiles.ts'
import { tinycertLeaf } from '../../src/core/profiles/tinycert.ts'
import { tlsClient, tlsMutual, tlsServer } from '../../src/core/profiles/tls.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { renewResponder } from '../../src/core/status/renew-responder.ts'
import type { SignatureAlgorithm } from '../../src/pki/algorithms.ts'
import { parseCertificate, verifyCertificateSignature } from '../../src/pki/certificate.ts'
import { findExtension } from '../../src/pki/extensions/extension.ts'
import { defaultSignatureAlgorithm, type KeyKind, keyKinds } from '../../src/pki/key-kinds.ts'
import { oids } from '../../src/pki/oids.ts'
import { pemEncode } from '../../src/pki/pem.ts'
import { type KeyPair, request } from '../support/certification-requests.ts'
import { footprint, suiteEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { hex } from '../support/hex.ts'
import { csrWish, doorOf, testAuthority, type Wish } from '../support/issuing.ts'
import { atLeastOpenssl, opensslText } from '../support/openssl.ts'
import { checkedAnswer, publishedCrl, statusRequest } from '../support/status.ts'
import { storeKinds } from '../support/stores.ts'

/** AlgorithmIdentifier of every algorithm a CA signs with, octet for octet (RFC 4055, 5758, 8410, 9881). */
const identifiers: Readonly<Partial<Record<SignatureAlgorithm, string>>> = {
  'rsa-sha256': '300d06092a864886f70d01010b0500',
  'rsa-sha384': '300d06092a864886f70d01010c0500',
  'rsa-sha512': '300d06092a864886f70d01010d0500',
  'rsa-pss-sha256':
    '304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
  'rsa-pss-sha384':
    '304106092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130',
  'rsa-pss-sha512':
    '304106092a864886f70d01010a3034a00f300d06096086480165030402030500a11c301a06092a864886f70d010108300d06096086480165030402030500a203020140',
  'ecdsa-sha256': '300a06082a8648ce3d040302',
  'ecdsa-sha384': '300a06082a8648ce3d040303',
  'ecdsa-sha512': '300a06082a8648ce3d040304',
  ed25519: '300506032b6570',
  'ml-dsa-44': '300b0609608648016503040311',
  'ml-dsa-65': '300b0609608648016503040312',
  'ml-dsa-87': '300b0609608648016503040313',
}

const digestAlgorithms: readonly SignatureAlgorithm[] = [
  'rsa-sha384',
  'rsa-sha512',
  'rsa-pss-sha256',
  'rsa-pss-sha384',
  'rsa-pss-sha512',
]

/** RSA keys take their time, so that PostgreSQL, where nothing else happens, sees one of each class. */
const few: readonly KeyKind[] = ['p-256', 'rsa-2048', 'ml-dsa-65']

/** A certificate that the engine signed, and the CA that did. */
interface Issued {
  readonly what: string
  readonly der: Uint8Array
  readonly issuer: AuthorityRecord
  readonly profile?: string
}

const opensslReads = (text: string) => !text.includes('ml-dsa') || atLeastOpenssl(3, 5)

for (const kind of storeKinds) {
  describe(`everything issued on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    const kinds = kind.name === 'SQLite' ? keyKinds : few
    const issued: Issued[] = []
    const authorities: AuthorityRecord[] = []

    before(async () => {
      const { account, root, issuing } = await testAccount(engine())
      issued.push({ what: 'p-256 hierarchy', der: issuing.certificateDer, issuer: root })
      const grants = { keyKinds, serverKeys: true }
      const make = (keyKind: KeyKind, signatureAlgorithm: SignatureAlgorithm) =>
        testAuthority(engine(), account.id, grants, {
          keyKind,
          signatureAlgorithm,
          subject: [
            { type: oids.countryName, value: 'JP' },
            { type: oids.commonName, value: `CA ${keyKind} ${signatureAlgorithm}` },
          ],
        })
      for (const keyKind of kinds) {
        authorities.push(await make(keyKind, defaultSignatureAlgorithm(keyKind)))
      }
      for (const algorithm of digestAlgorithms) {
        if (kinds === keyKinds || algorithm === 'rsa-pss-sha256')
          authorities.push(await make('rsa-2048', algorithm))
      }
      for (const authority of authorities) {
        const what = `${authority.name} ${authority.signatureAlgorithm}`
        issued.push({ what: `root ${what}`, der: authority.certificateDer, issuer: authority })
        issued.push(...(await everyProfile(engine(), authority, `below ${what}`)))
      }
      const [first] = authorities
      assert.ok(first)
      for (const keyKind of kinds) {
        const wish: Wish = { key: { from: 'server', kind: keyKind } }
        issued.push(...(await everyProfile(engine(), first, `server-made ${keyKind}`, wish)))
        const csr = csrWish(
          request({ keys: keyPair(keyKind), algorithm: defaultSignatureAlgorithm(keyKind) }),
        )
        issued.push(...(await everyProfile(engine(), first, `request ${keyKind}`, csr)))
      }
    })

    test('V8 V9 both places of the algorithm hold the one fixed encoding of the algorithm of the CA', () => {
      const seen = new Set<string>()
      for (const { what, der, issuer } of issued) {
        const { tbsDer, signatureAlgorithmDer } = parseCertificate(der)
        const expected = identifiers[issuer.signatureAlgorithm]
        assert.ok(expected !== undefined)
        assert.equal(hex(signatureAlgorithmDer), expected, what)
        // After version and serial number.
        const start = hex(tbsDer).indexOf(expected)
        assert.ok(start > 0 && start < 80, what)
        assert.ok(hex(der.subarray(0)).indexOf(expected, 2 * tbsDer.length) > 0, what)
        seen.add(issuer.signatureAlgorithm)
      }
      if (kinds === keyKinds) assert.deepEqual([...seen].sort(), Object.keys(identifiers).sort())
    })

    test('V10 basicConstraints of a leaf is exactly 30 00', () => {
      for (const { what, der, profile } of issued) {
        if (profile === undefined) continue
        const constraints = findExtension(parseCertificate(der).extensions, oids.basicConstraints)
        assert.equal(hex(constraints?.value ?? new Uint8Array()), '3000', what)
      }
    })

    test('V11 addresses in certificates are http, below the address of this system, and unique', () => {
      for (const { what, der } of issued) {
        const { extensions } = parseCertificate(der)
        const urls = [oids.authorityInfoAccess, oids.crlDistributionPoints].flatMap((oid) => {
          const text = Buffer.from(findExtension(extensions, oid)?.value ?? []).toString('latin1')
          return text.match(/[a-z]+:\/\/[\x21-\x2f0-9:;=?@A-Z[\]_a-z~]+/g) ?? []
        })
        assert.equal(new Set(urls).size, urls.length, what)
        for (const url of urls) {
          assert.match(url, /^http:\/\/ca\.example\.test\/(ocsp\/\d+|aia\/\d+\.crt|crl\/\d+\.crl)/, what)
        }
      }
    })

    test('V13 the authority key identifier is the keyid alone, the octets of the issuer’s', () => {
      for (const { what, der, issuer } of issued) {
        const authorityKey = findExtension(parseCertificate(der).extensions, oids.authorityKeyIdentifier)
        if (der === issuer.certificateDer) {
          assert.equal(authorityKey, undefined)
          continue
        }
        const own = findExtension(
          parseCertificate(issuer.certificateDer).extensions,
          oids.subjectKeyIdentifier,
        )
        assert.equal(
          hex(authorityKey?.value ?? new Uint8Array()),
          `30168014${hex(own?.value ?? new Uint8Array()).slice(4)}`,
          what,
        )
      }
    })

    test('V14 two other parsers read every certificate and agree with ours', () => {
      for (const { what, der } of issued) {
        const ours = parseCertificate(der)
        const pkijs = PkijsCertificate.fromBER(der)
        assert.equal(
          hex(new Uint8Array(pkijs.serialNumber.valueBlock.valueHexView)),
          hex(ours.serialNumber),
          what,
        )
        assert.equal(pkijs.notBefore.value.getTime(), ours.notBefore, what)
        assert.equal(pkijs.notAfter.value.getTime(), ours.notAfter, what)
        assert.equal(pkijs.extensions?.length, ours.extensions.length, what)
        assert.ok(
          pkijs.extensions?.every((extension) => extension.parsedValue !== undefined),
          what,
        )
        const node = new X509Certificate(der)
        assert.equal(node.serialNumber.toLowerCase(), hex(ours.serialNumber), what)
      }
    })

    test('V14 every signature verifies, by node:crypto and by our own reader', () => {
      for (const { what, der, issuer } of issued) {
        assert.ok(verifyCertificateSignature(parseCertificate(der), issuer.spkiDer), what)
        const above = new X509Certificate(issuer.certificateDer)
        assert.ok(new X509Certificate(der).checkIssued(above), what)
        assert.ok(new X509Certificate(der).verify(above.publicKey), what)
      }
    })

    test('V14 openssl verifies the chain of every certificate strictly', async () => {
      for (const issuer of new Set(issued.map((each) => each.issuer))) {
        const below = issued.filter((each) => each.issuer === issuer && opensslReads(`${each.what}`))
        if (!opensslReads(issuer.signatureAlgorithm) || below.length === 0) continue
        const names = below.map((_, index) => `${index}.pem`)
        const files = Object.fromEntries(
          below.map(({ der }, index) => [`${index}.pem`, pemEncode('CERTIFICATE', der)]),
        )
        const time = String(Math.floor(engine().clock.now() / 1_000))
        const text = await opensslText(
          ['verify', '-x509_strict', '-attime', time, '-CAfile', 'ca.pem', ...names],
          { files: { ...files, 'ca.pem': pemEncode('CERTIFICATE', issuer.certificateDer) } },
        )
        assert.equal(text.match(/: OK$/gm)?.length, below.length)
      }
    })

    test('V14 our linter finds no error in any certificate', () => {
      for (const { what, der, issuer, profile } of issued) {
        const accepted = lintDepartures(issuer.grants, leafProfiles.get(profile ?? ''))
        const issuerDer = der === issuer.certificateDer ? undefined : issuer.certificateDer
        assert.deepEqual(errorsOf(lint(der, { strictness: 'private-tls', accepted }, issuerDer)), [], what)
      }
    })

    test('V9 CRLs and OCSP answers carry the algorithm of the CA and of its delegate', async () => {
      for (const authority of authorities) {
        await publishCrl(engine(), authority.id)
        const crl = await publishedCrl(engine(), authority)
        assert.equal(hex(crl.signatureAlgorithmDer), identifiers[authority.signatureAlgorithm])
        await renewResponder(engine(), authority.id)
        const { der } = await engine().ocsp.answer(statusRequest(authority, Uint8Array.of(1)))
        const { certificates } = checkedAnswer(der, authority)
        const delegate = certificates[0]
        assert.ok(delegate)
        assert.deepEqual(
          errorsOf(lint(delegate, { strictness: 'private-tls' }, authority.certificateDer)),
          [],
        )
      }
    })

    test('V9 a digest that does not fit the curve of the CA is refused', async () => {
      const [authority] = authorities
      assert.ok(authority)
      const before = await footprint(engine())
      for (const [keyKind, signatureAlgorithm] of [
        ['p-384', 'ecdsa-sha256'],
        ['p-521', 'ecdsa-sha384'],
        ['p-256', 'ecdsa-sha512'],
        ['p-256', 'rsa-sha256'],
        ['ed25519', 'ml-dsa-44'],
      ] as const) {
        await assert.rejects(
          testAuthority(engine(), authority.accountId, {}, { keyKind, signatureAlgorithm }),
          (error) => isFault(error, 'parameter_invalid'),
          `${keyKind} ${signatureAlgorithm}`,
        )
      }
      assert.deepEqual(await footprint(engine()), before)
    })
  })
}

/** Those of the products need subjects of their own; src/core/profiles/certcentral has their tests. */
const hostProfiles = [tlsServer, tlsMutual, tlsClient, tinycertLeaf].map(({ id }) => id)

/** One certificate of each leaf profile that names hosts. */
async function everyProfile(
  engine: TestEngine,
  issuer: AuthorityRecord,
  what: string,
  wish: Wish = {},
): Promise<Issued[]> {
  const door = doorOf(engine, issuer)
  return Promise.all(
    hostProfiles.map(async (profile) => {
      const { certificateDer } = await door.issue({ ...wish, profile })
      return { what: `${profile} ${what}`, der: certificateDer, issuer, profile }
    }),
  )
}

const pairs = new Map<KeyKind, KeyPair>()

/** Made once for both kinds of store. */
function keyPair(kind: KeyKind): KeyPair {
  const pair = pairs.get(kind) ?? generated(kind)
  pairs.set(kind, pair)
  return pair
}

function generated(kind: KeyKind): KeyPair {
  switch (kind) {
    case 'rsa-2048':
    case 'rsa-3072':
    case 'rsa-4096':
      return generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(4)) })
    case 'p-256':
    case 'p-384':
    case 'p-521':
      return generateKeyPairSync('ec', { namedCurve: kind.toUpperCase() })
    case 'ed25519':
      return generateKeyPairSync('ed25519')
    default:
      return generateKeyPairSync(kind)
  }
}
