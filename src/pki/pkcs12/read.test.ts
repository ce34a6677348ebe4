import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { openssl, opensslMissing, opensslText } from '../../../test/support/openssl.ts'
import { DerError } from '../der/errors.ts'
import { explicit, integer, octetString, oid, sequence } from '../der/writer.ts'
import { isPkiError, type PkiErrorCode } from '../errors.ts'
import { readPkcs12 } from './read.ts'
import { MOST_ROUNDS } from './rounds.ts'

const password = 'ö𐍈 open *sesame* ~ now!'
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const keyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const keyDer = privateKey.export({ format: 'der', type: 'pkcs8' })

const refused = (code: PkiErrorCode) => (error: unknown) => isPkiError(error) && error.code === code

describe('PKCS#12 files of openssl', { skip: opensslMissing }, () => {
  let certificatePem: string
  before(async () => {
    certificatePem = await opensslText(['req', '-x509', '-key', 'key.pem', '-subj', '/CN=leaf'], {
      files: { 'key.pem': keyPem },
    })
  })

  async function exported(...args: readonly string[]): Promise<Uint8Array> {
    const { status, stdout, stderr } = await openssl(
      ['pkcs12', '-export', '-inkey', 'key.pem', '-in', 'cert.pem', '-passout', 'file:password', ...args],
      { files: { 'key.pem': keyPem, 'cert.pem': certificatePem, password } },
    )
    assert.equal(status, 0, stderr)
    return stdout
  }

  const tripleDes = ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES']
  const readable: readonly (readonly [title: string, args: readonly string[]])[] = [
    ['as it writes them', []],
    [
      'with AES-128 and a MAC of SHA-512',
      ['-certpbe', 'AES-128-CBC', '-keypbe', 'AES-192-CBC', '-macalg', 'sha512'],
    ],
    ['with a MAC of SHA-384 and many rounds', ['-macalg', 'sha384', '-iter', '50000']],
    ['as Windows writes them', [...tripleDes, '-macalg', 'sha1']],
    ['with PBES2 and Triple-DES', ['-certpbe', 'DES-EDE3-CBC', '-keypbe', 'DES-EDE3-CBC']],
    ['whose contents are not encrypted', ['-certpbe', 'NONE', '-keypbe', 'NONE']],
  ]
  for (const [title, args] of readable) {
    test(`files ${title} give key and certificate`, async () => {
      const { privateKeysDer, certificatesDer } = await readPkcs12(await exported(...args), password)
      assert.equal(privateKeysDer.length, 1)
      const key = createPrivateKey({
        key: Buffer.from(privateKeysDer[0] ?? []),
        format: 'der',
        type: 'pkcs8',
      })
      assert.ok(key.equals(privateKey))
      assert.deepEqual(certificatesDer.map(Buffer.from), [new X509Certificate(certificatePem).raw])
    })
  }

  test('a wrong password is told as such, and so is an empty one', async () => {
    const file = await exported()
    for (const wrong of ['sesame', '', `${password} `]) {
      await assert.rejects(readPkcs12(file, wrong), refused('pkcs12_password_wrong'))
    }
  })

  test('a file changed in any octet of its contents is refused', async () => {
    const file = Buffer.from(await exported('-iter', '1'))
    for (let at = 0; at < file.length; at += 41) {
      const changed = Buffer.from(file)
      changed[at] = (changed[at] ?? 0) ^ 0x20
      await assert.rejects(
        readPkcs12(changed, password),
        (error) => isPkiError(error) || error instanceof DerError,
      )
    }
  })

  test('a file without a MAC, and one in a cipher that is not read, are refused by what they are', async () => {
    await assert.rejects(readPkcs12(await exported('-nomac'), password), refused('structure_invalid'))
    const camellia = await exported('-certpbe', 'CAMELLIA-256-CBC')
    await assert.rejects(readPkcs12(camellia, password), refused('pkcs12_unsupported'))
  })
})

/** A file whose MAC claims so many rounds; nothing is behind it. */
function claiming(macRounds: number): Uint8Array {
  const mac = sequence(
    sequence(sequence(oid('2.16.840.1.101.3.4.2.1')), octetString(new Uint8Array(32))),
    octetString(new Uint8Array(8)),
    integer(macRounds),
  )
  const authSafe = sequence(oid('1.2.840.113549.1.7.1'), explicit(0, octetString(new Uint8Array(0))))
  return sequence(integer(3), authSafe, mac)
}

test('X4 a file that asks for more rounds than it may cost is refused before any is done', async () => {
  await assert.rejects(readPkcs12(claiming(MOST_ROUNDS + 1), 'x'), refused('pkcs12_rounds_too_many'))
  await assert.rejects(readPkcs12(claiming(0), 'x'), refused('structure_invalid'))
  await assert.rejects(readPkcs12(claiming(MOST_ROUNDS), 'x'), refused('pkcs12_password_wrong'))
})

test('what is no PKCS#12 file is refused', async () => {
  for (const bytes of [new Uint8Array(0), Uint8Array.of(0x30, 0x80, 0, 0), Buffer.from('MIIC')]) {
    await assert.rejects(readPkcs12(bytes, 'x'), DerError)
  }
  await assert.rejects(readPkcs12(keyDer, 'x'), refused('version_unsupported'))
})
