import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CorpusEntry, corpusEntries, corpusFile, skipWithout } from '../../test/support/corpora.ts'
import { outcomeOf } from '../../test/support/refusals.ts'
import { requireSignatureAlgorithm, verifySignature } from './algorithms.ts'
import { parseCertificate } from './certificate.ts'
import { parseCrl, verifyCrlSignature } from './crl.ts'
import { DerReader } from './der/reader.ts'
import { parseAuthorityKeyIdentifier } from './extensions/key-identifiers.ts'
import { checkExtensionValue } from './extensions/known-extensions.ts'
import { parseOcspRequest } from './ocsp-request.ts'
import { parseOcspResponse } from './ocsp-response-reader.ts'
import { decodeBase64, scanPem } from './pem.ts'

/** DER of the blocks with this label; the whole file where it is no PEM. Blocks with other labels may be no base64. */
function blocksOf(corpus: string, file: string, ...labels: readonly string[]): Uint8Array[] {
  const bytes = corpusFile(corpus, file)
  const text = Buffer.from(bytes).toString('latin1')
  if (!text.includes('-----BEGIN ')) {
    return [bytes]
  }
  return scanPem(text)
    .filter(({ label }) => labels.includes(label))
    .map(({ body }) => decodeBase64(body))
}

function blockOf(corpus: string, file: string, label: string): Uint8Array {
  const [block] = blocksOf(corpus, file, label)
  return block ?? assert.fail(`${file} has no ${label}`)
}

/** Reads the object as far as this layer can: its structure and every extension it knows. */
function readWhole(entry: CorpusEntry, der: Uint8Array): void {
  const { extensions } = entry.kind === 'crl' ? parseCrl(der) : parseCertificate(der)
  for (const extension of extensions) {
    checkExtensionValue(extension)
  }
}

/** Refusal of an entry's first object that is refused, undefined when all are read. */
function refusalOfEntry(corpus: string, entry: CorpusEntry): string | undefined {
  return outcomeOf(() => {
    const labels = entry.kind === 'crl' ? ['X509 CRL', 'CRL'] : ['CERTIFICATE']
    for (const der of blocksOf(corpus, entry.file, ...labels)) {
      readWhole(entry, der)
    }
  })
}

/** Entries whose verdict here is another than the source's, by the end of their file's name, each with its reason. */
type Departures = ReadonlyMap<string, string>

function checkVerdicts(corpus: string, expectations: readonly string[], departures: Departures): void {
  const unexpected: string[] = []
  const unused = new Set(departures.keys())
  for (const entry of corpusEntries(corpus)) {
    if ((entry.kind !== 'certificate' && entry.kind !== 'crl') || !expectations.includes(entry.expect)) {
      continue
    }
    const refusal = refusalOfEntry(corpus, entry)
    const agrees = (entry.expect === 'reject') === (refusal !== undefined)
    const name = entry.file.slice(entry.file.lastIndexOf('/') + 1)
    if (departures.has(name)) {
      unused.delete(name)
    }
    if (agrees === departures.has(name)) {
      unexpected.push(`${entry.file}: ${entry.expect}, here ${refusal ?? 'read'}`)
    }
  }
  assert.deepEqual(unexpected, [])
  assert.deepEqual([...unused], [], 'every departure is met')
}

test('BoringSSL: certificates and CRLs are read or refused as their source says', {
  skip: skipWithout('boringssl'),
}, () => {
  checkVerdicts(
    'boringssl',
    ['parse', 'parse-warning', 'reject', 'crl-good', 'crl-revoked', 'crl-unknown'],
    new Map([
      ['invalid_issuer_keyusage_no_crlsign.pem', 'who may sign CRLs is judged with the issuer at hand'],
      ['invalid_key_rollover_issuer_keyusage_no_crlsign.pem', 'as above'],
      ['subject_blank_subjectaltname_not_critical.pem', 'criticality is the linter to judge'],
      ['policy_constraints_empty.pem', 'policy constraints are not among the extensions read here'],
      ['cert_skeleton.pem', 'its parts are no fields of a certificate'],
      ['basic_constraints_ca_false.pem', 'a written default is no DER'],
      ['subject_t61string_1-32.pem', 'control characters in a name'],
      ['subject_t61string_actual.pem', 'control characters in a name'],
      ['subject_printable_string_containing_utf8_client_cert.pem', 'no PrintableString'],
    ]),
  )
})

test('BoringSSL: authority key identifiers alone are read or refused as their source says', {
  skip: skipWithout('boringssl'),
}, () => {
  const entries = corpusEntries('boringssl').filter(({ file }) => file.includes('/authority_key_identifier/'))
  assert.ok(entries.length > 0)
  for (const { file, expect } of entries) {
    const value = blockOf('boringssl', file, 'AUTHORITY_KEY_IDENTIFIER')
    const refusal = outcomeOf(() => parseAuthorityKeyIdentifier(value))
    assert.equal(refusal === undefined, expect === 'parse', `${file}: ${refusal}`)
  }
})

test('BoringSSL: signatures of CRLs hold except where the file says otherwise, and the revoked one is listed', {
  skip: skipWithout('boringssl'),
}, () => {
  for (const { file, expect } of corpusEntries('boringssl')) {
    if (!expect.startsWith('crl-')) {
      continue
    }
    const crl = parseCrl(blockOf('boringssl', file, 'CRL'))
    const issuer = parseCertificate(blockOf('boringssl', file, 'CA CERTIFICATE'))
    const { serialNumber } = parseCertificate(blockOf('boringssl', file, 'CERTIFICATE'))
    const listed = [...crl.entries()].some((entry) => Buffer.compare(entry.serialNumber, serialNumber) === 0)
    const broken = file.endsWith('/bad_signature.pem') || file.endsWith('/bad_key_rollover_signature.pem')
    assert.equal(verifyCrlSignature(crl, issuer.spki.der), !broken, file)
    if (expect !== 'crl-unknown') {
      assert.equal(listed, expect === 'crl-revoked', file)
    }
  }
})

test('BoringSSL: signed data is verified or refused as their source says', {
  skip: skipWithout('boringssl'),
}, () => {
  const entries = corpusEntries('boringssl').filter(({ expect }) => expect.startsWith('verify-'))
  assert.ok(entries.length > 0)
  for (const { file, expect } of entries) {
    let verified = false
    outcomeOf(() => {
      const { name } = requireSignatureAlgorithm(blockOf('boringssl', file, 'ALGORITHM'))
      const signature = DerReader.of(blockOf('boringssl', file, 'SIGNATURE')).bitStringOctets()
      const key = blockOf('boringssl', file, 'PUBLIC KEY')
      verified = verifySignature(name, key, blockOf('boringssl', file, 'DATA'), signature)
    })
    assert.equal(verified, expect === 'verify-ok', file)
  }
})

const notDer = 'their reader takes encodings that are not DER'
const badIdentifier = 'an object identifier with a leading zero sub-identifier is no DER'
const badTime = 'the date is not in the form of RFC 5280'

test('Mbed TLS: certificates and CRLs are read or refused as their source says', {
  skip: skipWithout('mbedtls'),
}, () => {
  checkVerdicts(
    'mbedtls',
    ['parse', 'reject'],
    new Map([
      ['cert31.crt', notDer],
      ['non-ascii-string-in-issuer.crt', 'control characters in a name'],
      ['crl-malformed-trailing-spaces.pem', 'blanks after a PEM block do no harm'],
      ['server7_all_space.crt', 'blanks inside base64 do no harm'],
      ['server9-bad-mgfhash.crt', 'read, but its signature algorithm has no name and verifies nothing'],
      ['x509-crt-asn1-dummy-24-bit-signature.der', badIdentifier],
      ['x509-crt-asn1-generalizedtime-in-notbefore-utctime-in-notafter.der', badIdentifier],
      ['x509-crt-asn1-name-with-pkcs9-email.der', badTime],
      ['x509-crt-asn1-name-with-unknown-x520-part.der', badIdentifier],
      ['x509-crt-asn1-name-with-x520-c.der', badTime],
      ['x509-crt-asn1-name-with-x520-o.der', badTime],
      ['x509-crt-asn1-name-with-x520-st.der', badTime],
      ['x509-crt-asn1-unsupported-critical-policy-recognized-by-callback.der', badIdentifier],
      ['x509-crt-asn1-unsupported-non-critical-extension-not-recognized-by-callback.der', notDer],
      ['x509-crt-asn1-unsupported-non-critical-extension-recognized-by-callback.der', notDer],
      ['x509-crt-asn1-unsupported-non-critical-policy-not-recognized-by-callback.der', badIdentifier],
      ['x509-crt-asn1-unsupported-non-critical-policy-recognized-by-callback.der', badIdentifier],
      ['x509-crt-asn1-well-formed.der', badIdentifier],
      ['x509-crt-tbs-valid-v3ext-in-v3-crt.der', badIdentifier],
    ]),
  )
})

test('Mbed TLS: a signature algorithm whose parameters are not the fixed ones has no name', {
  skip: skipWithout('mbedtls'),
}, () => {
  const der = blockOf('mbedtls', 'data_files/server9-bad-mgfhash.crt', 'CERTIFICATE')
  assert.equal(parseCertificate(der).signatureAlgorithm, undefined)
})

test('pkilint: certificates and CRLs without errors are read; the others are read or refused by a typed error', {
  skip: skipWithout('pkilint'),
}, () => {
  for (const entry of corpusEntries('pkilint')) {
    const refusal = refusalOfEntry('pkilint', entry)
    assert.ok(refusal === undefined || entry.expect === 'lint-error', `${entry.file}: ${refusal}`)
  }
})

test('zlint: every certificate and CRL is read or refused by a typed error, most of them read', {
  skip: skipWithout('zlint'),
}, () => {
  const entries = corpusEntries('zlint').filter(({ kind }) => kind !== 'vector')
  const read = entries.filter((entry) => refusalOfEntry('zlint', entry) === undefined)
  assert.ok(read.length * 2 > entries.length, `${read.length} of ${entries.length} are read`)
})

test('OpenSSL fuzzing inputs are refused or read as each kind of object without another outcome', {
  skip: skipWithout('openssl-fuzz'),
}, () => {
  const readers = [parseCertificate, parseCrl, parseOcspRequest, parseOcspResponse]
  for (const { file } of corpusEntries('openssl-fuzz')) {
    const bytes = corpusFile('openssl-fuzz', file)
    for (const read of readers) {
      outcomeOf(() => read(bytes))
    }
  }
})
