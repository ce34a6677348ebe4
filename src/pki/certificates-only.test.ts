import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { openssl, opensslMissing } from '../../test/support/openssl.ts'
import { certificatesOnly } from './certificates-only.ts'
import { checkDer } from './der/check.ts'
import { pemBlocks } from './pem.ts'

suite('certificates-only CMS', { skip: opensslMissing }, () => {
  /** DER of self-signed certificates. */
  const certificates = async (count: number): Promise<readonly Uint8Array[]> => {
    const made: Uint8Array[] = []
    for (let number = 0; number < count; number++) {
      const { text } = await openssl([
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
        ...['-keyout', '/dev/null', '-subj', `/CN=certificate ${number}`],
      ])
      made.push(...pemBlocks(text).map(({ der }) => der))
    }
    return made
  }

  test('the message is what openssl makes of the same certificates, octet for octet', async () => {
    const made = await certificates(3)
    const ours = certificatesOnly(made)
    checkDer(ours)
    const pem = made
      .map((der) => Buffer.from(der).toString('base64').replaceAll(/.{64}/g, '$&\n'))
      .map((base64) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`)
      .join('')
    const theirs = await openssl(['crl2pkcs7', '-nocrl', '-certfile', 'a.pem', '-outform', 'DER'], {
      files: { 'a.pem': pem },
    })
    assert.equal(Buffer.from(ours).toString('hex'), theirs.stdout.toString('hex'))
  })

  test('openssl shows the certificates in the order given', async () => {
    const made = await certificates(2)
    for (const given of [made, made.toReversed()]) {
      const { text } = await openssl(['pkcs7', '-inform', 'DER', '-print_certs'], {
        input: certificatesOnly(given),
      })
      assert.deepEqual(
        pemBlocks(text).map(({ der }) => der),
        given,
      )
    }
  })
})
