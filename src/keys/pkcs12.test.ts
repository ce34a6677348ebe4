import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { openssl, opensslMissing, opensslText } from '../../test/support/openssl.ts'
import { testRandom } from '../../test/support/sealer.ts'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { checkDer } from '../pki/der/check.ts'
import type { KeyKind } from '../pki/key-kinds.ts'
import { PkijsPkcs12Builder } from './pkcs12.ts'
import { generatePair } from './private-keys.ts'

const builder = new PkijsPkcs12Builder(testRandom)
const password = 'open *sesame* ~ now!'
const keytoolMissing =
  spawnSync('keytool', ['-help']).status === 0 ? false : 'NOT RUN: keytool (Java) is not installed'

interface Pair {
  readonly privateKeyDer: Uint8Array
  readonly keyPem: string
  readonly certificate: X509Certificate
}

async function pair(commonName: string, kind: KeyKind, issuer?: Pair): Promise<Pair> {
  const { privateKey } = await generatePair(kind)
  const keyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const signedBy = issuer === undefined ? [] : ['-CA', 'ca.pem', '-CAkey', 'ca.key']
  const pem = await opensslText(
    ['req', '-x509', '-key', 'key.pem', ...signedBy, '-subj', `/CN=${commonName}`],
    {
      files: {
        'key.pem': keyPem,
        'ca.pem': issuer?.certificate.toString() ?? '',
        'ca.key': issuer?.keyPem ?? '',
      },
    },
  )
  const privateKeyDer = privateKey.export({ format: 'der', type: 'pkcs8' })
  return { privateKeyDer, keyPem, certificate: new X509Certificate(pem) }
}

async function chain(kind: KeyKind) {
  const ca = await pair('Test CA', 'p-256')
  return { ca, leaf: await pair('leaf.example.test', kind, ca) }
}

for (const kind of ['rsa-2048', 'p-256', 'ed25519'] as const) {
  test(`openssl reads the key, its certificate and the CA's of a file with a key of kind ${kind}`, {
    skip: opensslMissing,
  }, async () => {
    const { ca, leaf } = await chain(kind)
    const file = await builder.build({
      privateKeyDer: leaf.privateKeyDer,
      certificateDer: leaf.certificate.raw,
      chainDer: [ca.certificate.raw],
      friendlyName: '*.example.test',
      password,
    })
    const read = await openssl(
      ['pkcs12', '-in', 'file.p12', '-info', '-noenc', '-passin', `pass:${password}`],
      { files: { 'file.p12': file } },
    )
    assert.equal(read.status, 0, read.stderr)
    assert.match(read.stderr, /MAC: sha256, Iteration 10000/)
    assert.match(
      read.stderr,
      /Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256/,
    )
    assert.match(
      read.stderr,
      /Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256/,
    )
    assert.equal(read.text.match(/friendlyName: \*\.example\.test/g)?.length, 2)
    const ids = read.text.match(/localKeyID: [0-9A-F ]+/g)
    assert.equal(ids?.length, 2)
    assert.equal(ids?.[0], ids?.[1])
    const certificates = read.text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    assert.deepEqual(
      certificates.map((pem) => new X509Certificate(pem).fingerprint256),
      [leaf.certificate.fingerprint256, ca.certificate.fingerprint256],
    )
    const keyPem = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/.exec(read.text)?.[0] ?? ''
    const key = createPrivateKey(keyPem).export({ format: 'der', type: 'pkcs8' })
    assert.deepEqual(key, Buffer.from(leaf.privateKeyDer))
  })
}

test('a wrong password opens nothing', { skip: opensslMissing }, async () => {
  const { leaf } = await chain('p-256')
  const file = await builder.build(contentsOf(leaf, password))
  const files = { 'file.p12': file }
  for (const wrong of ['', `${password} `, password.toUpperCase()]) {
    const read = await openssl(['pkcs12', '-in', 'file.p12', '-noenc', '-passin', `pass:${wrong}`], { files })
    assert.notEqual(read.status, 0)
    assert.equal(read.text, '')
  }
})

test('a password and a name outside ASCII are written as openssl reads them', {
  skip: opensslMissing,
}, async () => {
  const { leaf } = await chain('p-256')
  const japanese = '開けゴマ é 😀'
  const file = await builder.build({ ...contentsOf(leaf, japanese), friendlyName: '例😀.test' })
  const files = { 'file.p12': file, password: japanese }
  const read = await openssl(['pkcs12', '-in', 'file.p12', '-noenc', '-passin', 'file:password'], { files })
  assert.equal(read.status, 0, read.stderr)
  assert.match(read.text, /BEGIN PRIVATE KEY/)
  // openssl shows names as Latin-1, so the octets are read here: BMPString, 16 bits a character.
  assert.ok(Buffer.from(file).includes(Buffer.from('1e0e4f8bfffd002e0074006500730074', 'hex')))
})

test('the file is strict DER in every layer that is not encrypted', async () => {
  const { ca, leaf } = await chain('rsa-2048')
  const file = await builder.build({ ...contentsOf(leaf, password), chainDer: [ca.certificate.raw] })
  checkDer(file)
})

test('two files of one key share no salt', async () => {
  const { leaf } = await chain('p-256')
  const [one, two] = await Promise.all([0, 1].map(() => builder.build(contentsOf(leaf, password))))
  assert.notDeepEqual(one, two)
})

test('Java reads key and chain under one alias', {
  skip: opensslMissing || keytoolMissing,
}, async (context) => {
  const { ca, leaf } = await chain('rsa-2048')
  const file = await builder.build({
    ...contentsOf(leaf, password),
    chainDer: [ca.certificate.raw],
    friendlyName: 'leaf',
  })
  const path = join(temporaryFolder(context, 'pkcs12'), 'file.p12')
  writeFileSync(path, file, { mode: 0o600 })
  const listing = execFileSync('keytool', ['-list', '-v', '-keystore', path, '-storepass', password], {
    encoding: 'utf8',
  })
  assert.match(listing, /Alias name: leaf\n/)
  assert.match(listing, /Entry type: PrivateKeyEntry\nCertificate chain length: 2/)
})

function contentsOf(leaf: Pair, secret: string) {
  return {
    privateKeyDer: leaf.privateKeyDer,
    certificateDer: leaf.certificate.raw,
    chainDer: [],
    friendlyName: 'leaf',
    password: secret,
  }
}
