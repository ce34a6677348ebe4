import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { IssuedCertificate } from '../../src/core/certificates/issue-request.ts'
import { parseCertificate } from '../../src/pki/certificate.ts'
import * as der from '../../src/pki/der/writer.ts'
import { oids } from '../../src/pki/oids.ts'
import { pemEncode } from '../../src/pki/pem.ts'
import {
  dnsNames,
  ed25519,
  extension,
  extensionRequest,
  p256,
  request,
  rsa,
  subjectDer,
} from '../support/certification-requests.ts'
import { suiteEngine, testAccount } from '../support/engine.ts'
import { hex } from '../support/hex.ts'
import { attribute, csrWish, type Door, doorOf, refused, testAuthority } from '../support/issuing.ts'
import { opensslText } from '../support/openssl.ts'
import { takesLessThan } from '../support/quick.ts'
import { storeKinds } from '../support/stores.ts'

const notDer = /^not DER: /

for (const kind of storeKinds) {
  describe(`requests at the engine on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let door: Door
    let freeDoor: Door
    before(async () => {
      const own = await testAccount(engine())
      door = doorOf(engine(), own.issuing)
      const free = await testAuthority(engine(), own.account.id, {}, { leafProfile: 'tinycert-leaf' })
      freeDoor = doorOf(engine(), free)
    })

    const malformed = async (csr: string | Uint8Array, reason: RegExp) => {
      const { code, detail } = await door.refusal(csrWish(csr))
      assert.equal(code, 'csr_malformed')
      assert.ok('reason' in detail && typeof detail.reason === 'string')
      assert.match(detail.reason, reason)
    }

    test('K1 a request with one bit of its signature flipped is refused for its key proof', async () => {
      const csr = request()
      for (const [fromEnd, bit] of [
        [1, 0x01],
        [20, 0x80],
        [40, 0x10],
      ] as const) {
        const flipped = Uint8Array.from(csr)
        flipped[csr.length - fromEnd] = (csr[csr.length - fromEnd] ?? 0) ^ bit
        assert.deepEqual(
          await door.refusal(csrWish(flipped)),
          refused({ code: 'csr_signature_invalid', detail: {} }),
        )
      }
      await door.issue(csrWish(csr))
    })

    test('K2 a signature algorithm that does not fit the key is refused by name', async () => {
      for (const [keys, algorithm, identifier, named] of [
        [rsa, 'rsa-sha256', oids.ecdsaWithSha256, 'ecdsa-sha256'],
        [p256, 'ecdsa-sha256', oids.ed25519, 'ed25519'],
      ] as const) {
        const csr = request({ keys, algorithm, identifier: der.sequence(der.oid(identifier)) })
        assert.deepEqual(
          await door.refusal(csrWish(csr)),
          refused({ code: 'csr_algorithm_refused', detail: { algorithm: named } }),
        )
      }
      const nothing = der.sequence(der.oid('2.999.1'))
      assert.deepEqual(
        await door.refusal(csrWish(request({ identifier: nothing }))),
        refused({ code: 'csr_algorithm_refused', detail: { algorithm: '2.999.1' } }),
      )
    })

    test('K3 requests signed with MD5, MD4 or SHA-1 are refused with the name of the digest', async () => {
      for (const [id, digest] of [
        ['1.2.840.113549.1.1.4', 'MD5'],
        ['1.2.840.113549.1.1.3', 'MD4'],
        [oids.sha1WithRsaEncryption, 'SHA-1'],
      ] as const) {
        const identifier = der.sequence(der.oid(id), der.nullValue())
        assert.deepEqual(
          await door.refusal(csrWish(request({ keys: rsa, algorithm: 'rsa-sha256', identifier }))),
          refused({ code: 'csr_algorithm_refused', detail: { algorithm: digest } }),
        )
      }
    })

    test('K4 bytes after the request are refused, in DER and in PEM', async () => {
      const longer = der.concat(request(), Uint8Array.of(0))
      await malformed(longer, notDer)
      await malformed(pemEncode('CERTIFICATE REQUEST', longer), notDer)
      await malformed(der.concat(request(), request()), notDer)
    })

    test('K5 indefinite lengths and lengths in non-minimal form are refused as not DER', async () => {
      const csr = request()
      assert.equal(csr[1], 0x81)
      await malformed(der.concat(Uint8Array.of(0x30, 0x80), csr.subarray(3), Uint8Array.of(0, 0)), notDer)
      await malformed(der.concat(Uint8Array.of(0x30, 0x82, 0), csr.subarray(2)), notDer)
    })

    test('K6 a version other than 0 is refused', async () => {
      for (const version of [1, 2, -1, 256]) {
        await malformed(request({ version: der.integer(version) }), /^version unsupported/)
      }
    })

    test('K7 two extensionRequest attributes, or one extension twice, are refused', async () => {
      const names = extension(oids.subjectAltName, dnsNames)
      const usage = extension(oids.keyUsage, der.namedBits([0]))
      await malformed(
        request({ attributes: [extensionRequest(names), extensionRequest(usage)] }),
        /^attribute duplicate: 1\.2\.840\.113549\.1\.9\.14$/,
      )
      await malformed(
        request({ attributes: [extensionRequest(names, names)] }),
        /^extension duplicate: 2\.5\.29\.17$/,
      )
    })

    const authorityWishes = {
      'cA TRUE': extension(oids.basicConstraints, der.sequence(der.boolean(true)), true),
      'cA TRUE with a path length': extension(
        oids.basicConstraints,
        der.sequence(der.boolean(true), der.integer(3)),
        true,
      ),
      keyCertSign: extension(oids.keyUsage, der.namedBits([5]), true),
      cRLSign: extension(oids.keyUsage, der.namedBits([0, 6]), true),
    }
    const forbiddenWishes = {
      OCSPSigning: extension(oids.extKeyUsage, der.sequence(der.oid(oids.ocspSigning))),
      anyExtendedKeyUsage: extension(oids.extKeyUsage, der.sequence(der.oid(oids.anyExtendedKeyUsage))),
      'the CT poison': extension(oids.ctPoison, der.nullValue(), true),
      nameConstraints: extension(
        oids.nameConstraints,
        der.sequence(der.implicitConstructed(0, der.sequence(der.implicit(2, Buffer.from('example.com'))))),
        true,
      ),
      'an unknown critical extension': extension('2.999.7', der.nullValue(), true),
    }

    /** The extension types of a certificate, in order, and what openssl says about its powers. */
    const powersOf = async ({ certificateDer }: IssuedCertificate) => ({
      types: parseCertificate(certificateDer).extensions.map(({ oid }) => oid),
      text: await opensslText(['x509', '-inform', 'DER', '-noout', '-text'], { input: certificateDer }),
    })

    for (const [what, wish] of Object.entries(authorityWishes)) {
      test(`K8 a request for ${what} is refused, or dropped where the profile says so`, async () => {
        const csr = request({ attributes: [extensionRequest(wish)] })
        assert.equal((await door.refusal(csrWish(csr))).code, 'csr_extension_refused')
        const { text } = await powersOf(await freeDoor.issue(csrWish(csr)))
        assert.match(text, /CA:FALSE/)
        assert.doesNotMatch(text, /CA:TRUE|pathlen|Certificate Sign|CRL Sign/)
      })
    }

    for (const [what, wish] of Object.entries(forbiddenWishes)) {
      test(`K9 a request for ${what} is refused, or dropped where the profile says so`, async () => {
        const csr = request({ attributes: [extensionRequest(wish)] })
        assert.equal((await door.refusal(csrWish(csr))).code, 'csr_extension_refused')
        const plain = await powersOf(await freeDoor.issue())
        const asked = await powersOf(await freeDoor.issue(csrWish(csr)))
        assert.deepEqual(asked.types, plain.types)
        assert.doesNotMatch(asked.text, /OCSP Signing|Any Extended|Poison|Name Constraints|2\.999/)
      })
    }

    test('K9 harmless wishes are dropped too: the extensions are those of the profile', async () => {
      const wishes = extensionRequest(
        extension(oids.keyUsage, der.namedBits([0, 1, 2, 3]), true),
        extension(oids.extKeyUsage, der.sequence(der.oid(oids.clientAuth), der.oid(oids.codeSigning))),
        extension(oids.basicConstraints, der.sequence()),
        extension(oids.tlsFeature, der.sequence(der.integer(5))),
        extension('2.999.7', der.octetString(new Uint8Array(2_000))),
      )
      const asked = parseCertificate(
        (await door.issue(csrWish(request({ attributes: [wishes] })))).certificateDer,
      )
      const plain = parseCertificate((await door.issue()).certificateDer)
      assert.deepEqual(asked.extensions, plain.extensions)
    })

    test('K10 10,000 nested SEQUENCEs are refused in under 50 ms, and the next request is served', async () => {
      const attributes = [der.sequence(der.oid('1.2.3'), der.set(nested(10_000)))]
      const csr = request({ attributes })
      assert.ok(csr.length < 64 * 1024)
      await malformed(csr, notDer)
      await takesLessThan(50, () => assert.rejects(door.issue(csrWish(csr))))
      await door.issue()
    })

    test('K11 an OID with a 20 KiB sub-identifier is refused in under 50 ms', async () => {
      const contents = new Uint8Array(20 * 1024).fill(0xff)
      contents[0] = 0x2a
      contents[contents.length - 1] = 0x7f
      const csr = request({ attributes: [der.sequence(der.tlv(0x06, contents), der.set(der.nullValue()))] })
      await malformed(csr, notDer)
      await takesLessThan(50, () => assert.rejects(door.issue(csrWish(csr))))
    })

    test('K24 a request without subject and names is refused where the names come from it', async () => {
      const csr = request({ subject: der.sequence() })
      const missing = refused({ code: 'names_missing', detail: {} })
      assert.deepEqual(await door.refusal(csrWish(csr, { names: 'from-request' })), missing)
      assert.deepEqual(await freeDoor.refusal(csrWish(csr, { names: 'from-request' })), missing)
      assert.deepEqual(await door.refusal(csrWish(csr, { names: [] })), missing)
    })

    test('K25 NUL and control characters are refused in a request and beside it', async () => {
      for (const control of ['\0', '\n', '\u001b', '\u007f']) {
        const text = `www.example.com${control}.example.org`
        const commonName = der.sequence(der.oid(oids.commonName), der.utf8String(text))
        await malformed(request({ subject: der.sequence(der.set(commonName)) }), /^control character/)
        const san = der.sequence(der.implicit(2, Buffer.from(text, 'latin1')))
        await malformed(
          request({ attributes: [extensionRequest(extension(oids.subjectAltName, san))] }),
          /^control character/,
        )
        const inNames = await door.refusal({ names: [{ type: 'dns', value: text, parameter: 'names' }] })
        assert.deepEqual(
          inNames,
          refused({
            code: 'name_refused',
            detail: { parameter: 'names', value: text, defect: 'control-character' },
          }),
        )
        const inSubject = await freeDoor.refusal({ subject: [attribute(oids.commonName, text)] })
        assert.equal(inSubject.code, 'name_refused')
      }
    })

    test('K25 a C1 control in the subject is refused, and whole strings are compared', async () => {
      await malformed(request({ subject: subjectWith('a\u0085b') }), /^control character/)
      // A prefix of a name is another name.
      const { detail } = await door.refusal({
        names: [{ type: 'dns', value: 'host.example.com', parameter: 'names' }],
        subject: [attribute(oids.commonName, 'host.example.co')],
      })
      assert.ok('defect' in detail)
      assert.equal(detail.defect, 'not-among-alternative-names')
    })

    test('the same request is served when the same key asks again, and keys of CAs are refused', async () => {
      const csr = request({ keys: p256, subject: subjectDer })
      const first = await door.issue(csrWish(csr))
      const second = await door.issue(csrWish(csr))
      assert.notEqual(hex(first.serialNumber), hex(second.serialNumber))
      // Only the CA holds its key, so that the proof fails; the key itself is refused where it is proven.
      const csrOfCa = request({ spki: door.authority.spkiDer })
      assert.equal((await door.refusal(csrWish(csrOfCa))).code, 'csr_signature_invalid')
      assert.equal(
        (await door.refusal(csrWish(request({ keys: ed25519, algorithm: 'ed25519' })))).code,
        'key_type_refused',
      )
    })
  })
}

function subjectWith(text: string): Uint8Array {
  return der.sequence(der.set(der.sequence(der.oid(oids.commonName), der.utf8String(text))))
}

function nested(depth: number): Uint8Array {
  const headers: Uint8Array[] = []
  let length = 0
  for (let level = 0; level < depth; level += 1) {
    const header = new Uint8Array(der.headerLength(length))
    der.writeHeader(header, 0, 0x30, length)
    headers.push(header)
    length += header.length
  }
  return der.concat(...headers.reverse())
}
