import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { isFault } from '../../src/core/faults.ts'
import { encodeSubjectAltName } from '../../src/pki/extensions/alternative-names.ts'
import { encodeExtension } from '../../src/pki/extensions/extension.ts'
import { pemEncode } from '../../src/pki/pem.ts'
import { extensionRequest, request } from '../support/certification-requests.ts'
import { corpusEntries, corpusFile, skipWithout } from '../support/corpora.ts'
import { footprint, suiteEngine, testAccount } from '../support/engine.ts'
import { eventsOf } from '../support/installation.ts'
import { csrWish, type Door, doorOf, faultOf, refused } from '../support/issuing.ts'
import { openssl, opensslText } from '../support/openssl.ts'
import { storeKinds } from '../support/stores.ts'

for (const kind of storeKinds) {
  describe(`bodies of requests at the engine on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let door: Door
    before(async () => {
      door = doorOf(engine(), (await testAccount(engine())).issuing)
    })

    const csr = request()
    const pem = pemEncode('CERTIFICATE REQUEST', csr)
    const variants = {
      'the usual form': pem,
      'CRLF line ends': pem.replaceAll('\n', '\r\n'),
      'no final newline': pem.trimEnd(),
      'the label NEW CERTIFICATE REQUEST': pem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'),
      'text before the block': `Certificate Request:\n    Data: whatever\n\n${pem}`,
      'one long line': `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(csr).toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`,
      'bare base64': Buffer.from(csr).toString('base64'),
    }
    for (const [what, text] of Object.entries(variants)) {
      test(`K26 PEM with ${what} is accepted, as text and as octets`, async () => {
        await door.issue(csrWish(text))
        await door.issue(csrWish(new Uint8Array(Buffer.from(text))))
      })
    }

    test('K26 broken base64, a block without end and nothing are refused', async () => {
      for (const [text, reason] of [
        [pem.replace('M', '!'), 'base64 invalid'],
        [`${pem.slice(0, 90)}=${pem.slice(91)}`, 'base64 invalid'],
        [pem.slice(0, pem.indexOf('-----END')), 'pem unterminated'],
        ['', 'input empty'],
        ['\r\n \n', 'input empty'],
      ] as const) {
        assert.deepEqual(
          await door.refusal(csrWish(text)),
          refused({ code: 'csr_malformed', detail: { reason } }),
        )
      }
    })

    test('K27 what is no request is refused by what it is, and no secret in it is kept', async () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const certificate = door.authority.certificateDer
      const files = {
        'certificate.pem': pemEncode('CERTIFICATE', certificate),
        'key.pem': String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
      }
      const pkcs7 = ['crl2pkcs7', '-nocrl', '-certfile', 'certificate.pem']
      const pkcs12 = ['pkcs12', '-export', '-nocerts', '-inkey', 'key.pem', '-passout', 'pass:secret']
      const derOf = async (args: readonly string[]) => (await openssl(args, { files })).stdout
      for (const [body, received] of [
        [certificate, 'certificate'],
        [files['certificate.pem'], 'certificate'],
        [await derOf([...pkcs7, '-outform', 'DER']), 'pkcs7'],
        [await opensslText(pkcs7, { files }), 'pkcs7'],
        [await derOf(pkcs12), 'pkcs12'],
        [privateKey.export({ format: 'der', type: 'pkcs8' }), 'private key'],
        [privateKey.export({ format: 'der', type: 'sec1' }), 'private key'],
        [files['key.pem'], 'private key'],
        [`${pem}${files['key.pem']}`, 'private key'],
        [
          privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'secret' }),
          'encrypted private key',
        ],
        [
          privateKey.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'secret' }),
          'encrypted private key',
        ],
      ] as const) {
        const before = await footprint(engine())
        const fault = await faultOf(door.issue(csrWish(body)))
        assert.deepEqual(fault.detail, { received })
        assert.equal(fault.code, 'csr_not_a_request')
        const { certificates, keys } = await footprint(engine())
        assert.deepEqual({ certificates, keys }, { certificates: before.certificates, keys: before.keys })
        const scalar = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
        const told = `${inspect(fault, { depth: 9, maxStringLength: null })} ${JSON.stringify(
          await eventsOf(engine().installation, 'certificate.refused'),
        )}`
        for (const secret of [scalar.toString('hex'), scalar.toString('base64').slice(0, 30)]) {
          assert.ok(!told.includes(secret))
        }
        assert.ok(!told.includes('BEGIN'))
      }
    })

    const skip = skipWithout('mbedtls')
    const requests = (['mbedtls', 'badkeys', 'roca'] as const).flatMap((corpus) =>
      skipWithout(corpus)
        ? []
        : corpusEntries(corpus)
            .filter((entry) => entry.kind === 'csr')
            .map((entry) => ({ ...entry, corpus })),
    )

    test('K28 every malformed request of the public set is refused with a typed code', {
      skip,
    }, async (context) => {
      const malformed = requests.filter(({ expect }) => expect === 'reject')
      assert.ok(malformed.length >= 30, `only ${malformed.length}`)
      const codes = new Map<string, number>()
      for (const { corpus, file } of malformed) {
        const body = corpusFile(corpus, file)
        const { code } = await door.refusal(csrWish(body))
        assert.equal((await door.refusal(csrWish(body, { names: 'from-request' }))).code, code, file)
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }
      context.diagnostic([...codes].map(([code, count]) => `${code}: ${count}`).join(', '))
    })

    test('K28 every readable request of the public set gets a certificate or a typed refusal', {
      skip,
    }, async () => {
      let issued = 0
      for (const { corpus, file } of requests.filter(({ expect }) => expect !== 'reject')) {
        const wish = csrWish(corpusFile(corpus, file), { profile: 'tinycert-leaf' })
        const outcome = await door.issue(wish).then(
          () => 'issued',
          (error: unknown) => error,
        )
        if (outcome === 'issued') issued += 1
        else assert.ok(isFault(outcome), `${file}: ${inspect(outcome)}`)
      }
      assert.ok(issued > 0)
    })

    test('K28 inputs of a fuzzer get a certificate or a typed refusal, never more', {
      skip: skipWithout('openssl-fuzz'),
    }, async () => {
      for (const { file } of corpusEntries('openssl-fuzz')) {
        const outcome = await door
          .issue(csrWish(corpusFile('openssl-fuzz', file)))
          .catch((error: unknown) => error)
        assert.ok(!(outcome instanceof Error) || isFault(outcome), `${file}: ${inspect(outcome)}`)
      }
      await door.issue(csrWish(request()))
    })

    test('a certificate for the names of a request holds those and no others', async () => {
      const names = encodeSubjectAltName(
        [
          { type: 'dns', value: 'WWW.example.com' },
          { type: 'ip', bytes: Uint8Array.of(192, 0, 3, 1) },
        ],
        false,
      )
      const asked = request({ attributes: [extensionRequest(encodeExtension(names))] })
      const { certificateDer } = await door.issue(csrWish(asked, { names: 'from-request' }))
      const text = await opensslText(['x509', '-inform', 'DER', '-noout', '-ext', 'subjectAltName'], {
        input: certificateDer,
      })
      assert.match(text, /DNS:www\.example\.com, IP Address:192\.0\.3\.1\n/)
    })
  })
}
