import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corpusEntries, corpusFile, skipWithout } from '../../test/support/corpora.ts'
import { requireStrongSignatureAlgorithm, type SignatureAlgorithm, verifySignature } from './algorithms.ts'
import { DerError } from './der/errors.ts'
import { explicit, integer, nullValue, oid, sequence } from './der/writer.ts'
import { PkiError } from './errors.ts'
import { oids } from './oids.ts'
import { importPublicKey, parseSubjectPublicKeyInfo } from './spki.ts'

interface Vector {
  readonly tcId: number
  readonly comment: string
  readonly msg: string
  readonly sig: string
  readonly result: 'valid' | 'invalid' | 'acceptable'
  readonly flags: readonly string[]
  /** Context string of ML-DSA; X.509 uses the empty one (RFC 9881 section 3). */
  readonly ctx?: string
}

interface Group {
  readonly type: string
  /** Hexadecimal SubjectPublicKeyInfo. */
  readonly publicKeyDer?: string | null
  readonly sha?: string
  readonly mgf?: string
  readonly mgfSha?: string
  readonly sLen?: number
  readonly tests: readonly Vector[]
}

interface VectorFile {
  readonly algorithm: string
  readonly testGroups: readonly Group[]
}

const saltOctets: Readonly<Record<string, number>> = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 }

/** The row of our table that a group is about; undefined where the table leaves its algorithm out. */
function algorithmOf(file: VectorFile, group: Group): SignatureAlgorithm | undefined {
  const digest = group.sha?.toLowerCase().replace('-', '')
  const isSha2 = digest === 'sha256' || digest === 'sha384' || digest === 'sha512'
  switch (group.type) {
    case 'EcdsaVerify':
      return isSha2 ? `ecdsa-${digest}` : undefined
    case 'RsassaPkcs1Verify':
      return isSha2 ? `rsa-${digest}` : undefined
    case 'RsassaPssVerify':
      return isSha2 && group.mgfSha === group.sha && group.sLen === saltOctets[group.sha ?? '']
        ? `rsa-pss-${digest}`
        : undefined
    case 'MlDsaVerify':
      return file.algorithm === 'ML-DSA-44' ? 'ml-dsa-44' : 'ml-dsa-87'
    default:
      return undefined
  }
}

/** Verdict over one group's key and signature: typed errors count as a refusal, other errors escape. */
function accepts(algorithm: SignatureAlgorithm, keyDer: Uint8Array, vector: Vector): boolean {
  try {
    const key = importPublicKey(parseSubjectPublicKeyInfo(keyDer))
    return verifySignature(algorithm, key, Buffer.from(vector.msg, 'hex'), Buffer.from(vector.sig, 'hex'))
  } catch (error) {
    if (error instanceof PkiError || error instanceof DerError) {
      return false
    }
    throw error
  }
}

const skip = skipWithout('wycheproof')
/** Raw r and s are the form of JWS; key wrap and AES-GCM belong to the key store. */
const files = skip
  ? []
  : corpusEntries('wycheproof')
      .map((entry) => entry.file)
      .filter((file) => /\/(ecdsa|rsa|mldsa|ed25519)/.test(file) && !file.includes('p1363'))

test('the corpus holds vectors for each family', { skip }, () => {
  for (const family of ['ecdsa_secp256r1', 'ecdsa_secp384r1', 'rsa_pss', 'rsa_signature', 'mldsa']) {
    assert.ok(
      files.some((file) => file.includes(family)),
      family,
    )
  }
})

const digestOids: Readonly<Record<string, string>> = {
  'SHA-1': oids.sha1,
  'SHA-224': '2.16.840.1.101.3.4.2.4',
  'SHA-256': oids.sha256,
  'SHA-384': oids.sha384,
  'SHA-512': oids.sha512,
  'SHA-512/224': '2.16.840.1.101.3.4.2.5',
  'SHA-512/256': '2.16.840.1.101.3.4.2.6',
  'SHA3-224': '2.16.840.1.101.3.4.2.7',
  'SHA3-256': '2.16.840.1.101.3.4.2.8',
  'SHA3-384': '2.16.840.1.101.3.4.2.9',
  'SHA3-512': '2.16.840.1.101.3.4.2.10',
  SHAKE128: '2.16.840.1.101.3.4.2.11',
  SHAKE256: '2.16.840.1.101.3.4.2.12',
}

/** Shows that a group without a row of the table is refused before any of its signatures is looked at. */
function assertRefusedBeforehand(group: Group): void {
  if (group.type === 'RsassaPssWithParametersVerify') {
    const spki = parseSubjectPublicKeyInfo(Buffer.from(group.publicKeyDer ?? '', 'hex'))
    assert.throws(
      () => importPublicKey(spki),
      (error) => error instanceof PkiError && error.code === 'key_unsupported',
    )
    return
  }
  assert.equal(group.type, 'RsassaPssVerify')
  const digest = sequence(oid(digestOids[group.sha ?? ''] ?? ''), nullValue())
  const maskDigest = sequence(oid(digestOids[group.mgfSha ?? ''] ?? ''), nullValue())
  const identifierDer = sequence(
    oid(oids.rsassaPss),
    sequence(
      explicit(0, digest),
      explicit(1, sequence(oid(oids.mgf1), maskDigest)),
      explicit(2, integer(group.sLen ?? 20)),
    ),
  )
  assert.throws(
    () => requireStrongSignatureAlgorithm(identifierDer),
    (error) => error instanceof PkiError && error.code.startsWith('signature_algorithm_'),
  )
}

for (const file of files) {
  const vectors: VectorFile = JSON.parse(Buffer.from(corpusFile('wycheproof', file)).toString('utf8'))
  test(`${file}: invalid signatures are refused, valid ones accepted, foreign algorithms refused before`, (context) => {
    const counts = { judged: 0, refusedBeforehand: 0 }
    for (const group of vectors.testGroups) {
      const algorithm = algorithmOf(vectors, group)
      if (algorithm === undefined) {
        assertRefusedBeforehand(group)
        counts.refusedBeforehand += group.tests.length
        continue
      }
      for (const vector of group.tests) {
        const accepted = accepts(algorithm, Buffer.from(group.publicKeyDer ?? '', 'hex'), vector)
        // `acceptable` is decided against: each of those strays from the one strict encoding. A context
        // other than the empty one makes another signature.
        const expected = vector.result === 'valid' && (vector.ctx ?? '') === ''
        assert.equal(accepted, expected, `${vector.tcId} ${vector.comment} ${vector.flags}`)
        counts.judged += 1
      }
    }
    context.diagnostic(JSON.stringify(counts))
  })
}
