import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corpusEntries, corpusFile, skipWithout } from '../../test/support/corpora.ts'
import { takesLessThan } from '../../test/support/quick.ts'
import {
  type CertificationRequest,
  parseCertificationRequest,
  readCertificationRequest,
  verifyCertificationRequest,
} from './csr.ts'
import { checkDer } from './der/check.ts'
import { DerError } from './der/errors.ts'
import { DerReader } from './der/reader.ts'
import { PkiError } from './errors.ts'
import { parseGeneralNames } from './general-names.ts'
import { parseName } from './names.ts'
import { parsePrivateKeyInfo } from './pkcs8.ts'
import { parseSubjectPublicKeyInfo } from './spki.ts'

/** The request, or the typed error that refused it; other errors are bugs and escape. */
function read(bytes: Uint8Array): CertificationRequest | PkiError | DerError {
  try {
    return parseCertificationRequest(readCertificationRequest(bytes))
  } catch (error) {
    if (error instanceof PkiError || error instanceof DerError) {
      return error
    }
    throw error
  }
}

/** Requests that the source reads and we refuse on purpose: our code, by the file's name. */
const stricter: ReadonlyMap<string, string> = new Map([
  // Signatures on SHA-1 and MD5 prove nothing (K3).
  ['data_files/cert_md5.csr', 'signature_algorithm_weak'],
  ['data_files/parse_input/server5.req.sha1', 'signature_algorithm_weak'],
  ['data_files/parse_input/server9.req.sha1', 'signature_algorithm_weak'],
  ['data_files/server1.req.cert_type', 'signature_algorithm_weak'],
  ['data_files/server1.req.cert_type_empty', 'signature_algorithm_weak'],
  ['data_files/server1.req.key_usage', 'signature_algorithm_weak'],
  ['data_files/server1.req.key_usage_empty', 'signature_algorithm_weak'],
  ['data_files/server1.req.ku-ct', 'signature_algorithm_weak'],
  ['data_files/server1.req.sha1', 'signature_algorithm_weak'],
  ['vectors/csr/x509-csr-asn-1-ok.der', 'signature_algorithm_weak'],
  // PSS with a salt or digest outside the fixed encodings (V9).
  ['data_files/parse_input/server9.req.sha224', 'signature_algorithm_parameters_invalid'],
  ['data_files/parse_input/server9.req.sha256', 'signature_algorithm_parameters_invalid'],
  ['data_files/parse_input/server9.req.sha384', 'signature_algorithm_parameters_invalid'],
  ['data_files/parse_input/server9.req.sha512', 'signature_algorithm_parameters_invalid'],
  // ECDSA with NULL parameters (V8).
  ['data_files/test-ca.req_ec.sha256', 'signature_algorithm_parameters_invalid'],
  // An extension identifier that ends inside an arc.
  ['data_files/parse_input/test_csr_v3_all_malformed_extension_type_oid.csr.der', 'oid_invalid'],
  // A default value written out is not DER (X.690 section 11.5).
  ['vectors/csr/x509-csr-asn-1-unsupported-non-critical-extension-critical-false.der', 'extension_malformed'],
])

const skipMbedtls = skipWithout('mbedtls')
const mbedtls = skipMbedtls ? [] : corpusEntries('mbedtls').filter(({ kind }) => kind === 'csr')

test('K28 the corpus of requests is there in both kinds', { skip: skipMbedtls }, () => {
  assert.ok(mbedtls.filter(({ expect }) => expect === 'reject').length >= 30)
  assert.ok(mbedtls.filter(({ expect }) => expect === 'parse').length >= 20)
})

for (const { file, expect, reason } of mbedtls) {
  const expectedCode = stricter.get(file)
  if (expect === 'reject' || expectedCode !== undefined) {
    test(`K28 ${file} (${reason}) is refused with ${expectedCode ?? 'a typed error'}`, () => {
      const outcome = read(corpusFile('mbedtls', file))
      assert.ok(outcome instanceof PkiError || outcome instanceof DerError)
      if (expectedCode !== undefined) {
        assert.equal(outcome.code, expectedCode)
      }
    })
  } else {
    test(`K28 ${file} (${reason}) is read and its key proof decided`, () => {
      const outcome = read(corpusFile('mbedtls', file))
      assert.ok(!(outcome instanceof Error), String(outcome))
      // Only the file whose attribute was changed after signing fails the proof.
      assert.equal(verifyCertificationRequest(outcome), !file.includes('malformed'))
    })
  }
}

const skipBadkeys = skipWithout('badkeys')

test('K6 K23 requests with a wrong version or a GOST key are refused', { skip: skipBadkeys }, () => {
  for (const [file, code] of [
    ['defect/invalidver.csr', 'version_unsupported'],
    ['unsupported/gost.csr', 'signature_algorithm_unsupported'],
  ] as const) {
    const outcome = read(corpusFile('badkeys', file))
    assert.ok(outcome instanceof PkiError)
    assert.equal(outcome.code, code)
  }
})

const skipFuzz = skipWithout('openssl-fuzz')
const parsers: readonly ((bytes: Uint8Array) => unknown)[] = [
  (bytes) => checkDer(bytes),
  (bytes) => parseCertificationRequest(readCertificationRequest(bytes)),
  (bytes) => parseCertificationRequest(bytes),
  (bytes) => parseSubjectPublicKeyInfo(bytes),
  (bytes) => parseName(bytes),
  (bytes) => parseGeneralNames(DerReader.of(bytes)),
  (bytes) => parsePrivateKeyInfo(bytes),
]

test('K28 fuzzer inputs get a result or a typed error from each parser, each in under 50 ms', {
  skip: skipFuzz,
}, async (context) => {
  const entries = corpusEntries('openssl-fuzz')
  for (const { file } of entries) {
    const bytes = corpusFile('openssl-fuzz', file)
    for (const parse of parsers) {
      const judged = () => {
        try {
          parse(bytes)
        } catch (error) {
          assert.ok(error instanceof PkiError || error instanceof DerError, `${file}: ${error}`)
        }
      }
      await takesLessThan(50, judged, file)
    }
  }
  context.diagnostic(`${entries.length} inputs`)
})
