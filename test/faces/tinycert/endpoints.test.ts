import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, test } from 'node:test'
import { openssl, opensslMissing, opensslText } from '../../support/openssl.ts'
import { member } from './client.ts'
import { TestService } from './service.ts'

const service = await TestService.start({ after })
const alice = await service.connected('alice@example.test')
const ca = await alice.createAuthority({ L: 'Utrecht', ST: '' })
const certificate = await alice.createCertificate(ca, {
  CN: '*.example.test',
  L: '',
  'SANs[0][DNS]': '*.example.test',
  'SANs[1][IP]': '::1',
  'SANs[2][email]': 'alice@example.test',
  'SANs[3][URI]': 'example.com',
  'SANs[10][IP]': '127.0.0.1',
  'SANs[4][DNS]': 'EXAMPLE.test',
})

async function pemOf(what: string, id = certificate): Promise<string> {
  const answer = await alice.expect('cert/get', { cert_id: id, what })
  const pem = member(answer, 'pem')
  assert.ok(typeof pem === 'string')
  assert.deepEqual(Object.keys(Object(answer)), ['pem'])
  return pem
}

async function authorityPem(): Promise<string> {
  const answer = await alice.expect('ca/get', { ca_id: ca, what: 'cert' })
  const pem = member(answer, 'pem')
  assert.ok(typeof pem === 'string')
  return pem
}

test('/connect gives 64 lower-case hex digits, another token each time', async () => {
  const first = await alice.connect()
  assert.match(first, /^[0-9a-f]{64}$/)
  assert.notEqual(await alice.connect(), first)
})

test('/ca/new and /cert/new give their identifier as a number and nothing else', async () => {
  const made = await alice.call('ca/new', { C: 'US', O: 'Lab', hash_method: 'sha256' })
  assert.match(made.text, /^\{"ca_id":\d+\}$/)
  const id = String(member(made.json(), 'ca_id'))
  const issued = await alice.call('cert/new', { ca_id: id, C: 'US', CN: 'A phrase with spaces', O: 'Lab' })
  assert.match(issued.text, /^\{"cert_id":\d+\}$/)
})

test("/ca/list shows a CA by its O, in order of id, and none but the account's own", async () => {
  const bob = await service.connected('bob@example.test')
  assert.equal((await bob.call('ca/list')).text, '[]')
  const [first, second] = [
    await bob.createAuthority({ O: 'Zeta' }),
    await bob.createAuthority({ O: 'Alpha' }),
  ]
  assert.equal(
    (await bob.call('ca/list')).text,
    `[{"id":${first},"name":"Zeta"},{"id":${second},"name":"Alpha"}]`,
  )
})

test('/ca/details shows what the CA was made with, absent parts empty', async () => {
  assert.equal(
    (await alice.call('ca/details', { ca_id: ca })).text,
    JSON.stringify({
      id: Number(ca),
      C: 'NL',
      ST: '',
      L: 'Utrecht',
      O: 'Example B.V.',
      OU: 'Secure Digital Certificate Signing',
      CN: 'Example B.V. CA',
      E: 'alice@example.test',
      hash_alg: 'SHA256',
    }),
  )
})

test('/ca/get gives the CA certificate: ten years, subject in order, address as alternative name', async () => {
  const pem = await authorityPem()
  assert.match(pem, /^-----BEGIN CERTIFICATE-----\n[\w+/=\n]+-----END CERTIFICATE-----\n$/)
  const parsed = new X509Certificate(pem)
  assert.equal(
    parsed.subject,
    'C=NL\nL=Utrecht\nO=Example B.V.\nOU=Secure Digital Certificate Signing\nCN=Example B.V. CA',
  )
  assert.equal(parsed.issuer, parsed.subject)
  assert.equal(parsed.subjectAltName, 'email:alice@example.test')
  assert.ok(parsed.ca && parsed.verify(parsed.publicKey))
  assert.equal((parsed.validToDate.getTime() - parsed.validFromDate.getTime() + 1_000) / 86_400_000, 3_650)
})

test('/cert/list shows id, common name, status and end in seconds', async () => {
  const own = await alice.createAuthority({ O: 'Listed' })
  assert.equal((await alice.call('cert/list', { ca_id: own, what: '15' })).text, '[]')
  const id = await alice.createCertificate(own, { CN: 'listed.example.test' })
  const end = Math.floor(new X509Certificate(await pemOf('cert', id)).validToDate.getTime() / 1_000)
  assert.equal(
    (await alice.call('cert/list', { ca_id: own, what: '15' })).text,
    `[{"id":${id},"name":"listed.example.test","status":"good","expires":${end}}]`,
  )
})

test('a list longer than a page is complete and in order', async (context) => {
  const crowded = await TestService.start(context, {
    rates: { authorities: undefined, certificates: undefined },
  })
  const tenant = await crowded.connected('crowd@example.test')
  const authority = await tenant.createAuthority()
  const ids = await Promise.all(
    Array.from({ length: 1_201 }, (_, index) => tenant.createCertificate(authority, { CN: `n${index}` })),
  )
  const answer = await tenant.call('cert/list', { ca_id: authority, what: '2' })
  const rows: unknown = answer.json()
  assert.ok(Array.isArray(rows))
  assert.deepEqual(
    rows.map((row) => String(member(row, 'id'))),
    ids.toSorted((one, other) => Number(one) - Number(other)),
  )
  const xml = await tenant.call('cert/list.xml', { ca_id: authority, what: '2' })
  assert.equal(xml.text.match(/<cert>/g)?.length, 1_201)
})

test('/cert/details shows names in the order of their numbers, in their normal form', async () => {
  assert.equal(
    (await alice.call('cert/details', { cert_id: certificate })).text,
    JSON.stringify({
      id: Number(certificate),
      status: 'good',
      C: 'NL',
      ST: '',
      L: '',
      O: 'Example B.V.',
      OU: '',
      CN: '*.example.test',
      Alt: [
        { DNS: '*.example.test' },
        { IP: '::1' },
        { email: 'alice@example.test' },
        { URI: 'example.com' },
        { DNS: 'example.test' },
        { IP: '127.0.0.1' },
      ],
      hash_alg: 'SHA256',
    }),
  )
})

test('without alternative names Alt is an empty list, and the common name is not copied into it', async () => {
  const id = await alice.createCertificate(ca, { CN: 'only.example.test' })
  const details = await alice.expect('cert/details', { cert_id: id })
  assert.deepEqual(member(details, 'Alt'), [])
  assert.equal(new X509Certificate(await pemOf('cert', id)).subjectAltName, undefined)
})

test('/cert/get chain gives the certificate and then its CA', async () => {
  const chain = await pemOf('chain')
  assert.equal(chain, (await pemOf('cert')) + (await authorityPem()))
})

test('the certificate lives a year, chains to its CA, and carries the documented usages', async () => {
  const leaf = new X509Certificate(await pemOf('cert'))
  assert.equal(leaf.subject, 'C=NL\nO=Example B.V.\nCN=*.example.test')
  assert.ok(leaf.checkIssued(new X509Certificate(await authorityPem())))
  assert.equal((leaf.validToDate.getTime() - leaf.validFromDate.getTime() + 1_000) / 86_400_000, 365)
  assert.deepEqual(leaf.keyUsage, [
    '1.3.6.1.5.5.7.3.1',
    '1.3.6.1.5.5.7.3.2',
    '1.3.6.1.5.5.7.3.3',
    '1.3.6.1.5.5.7.3.4',
  ])
  assert.ok(leaf.serialNumber.length <= 40)
})

test('openssl verifies the chain and reads request and keys', { skip: opensslMissing }, async () => {
  const [cert, chain, csr, key, encrypted] = await Promise.all(
    ['cert', 'chain', 'csr', 'key.dec', 'key.enc'].map((what) => pemOf(what)),
  )
  const files = {
    'ca.pem': await authorityPem(),
    'cert.pem': cert ?? '',
    'chain.pem': chain ?? '',
    'csr.pem': csr ?? '',
    'key.pem': key ?? '',
    'enc.pem': encrypted ?? '',
    pass: alice.credentials.passphrase,
  }
  const now = String(service.engine.clock.now() / 1_000)
  assert.match(
    await opensslText(['verify', '-attime', now, '-CAfile', 'ca.pem', 'cert.pem'], { files }),
    /: OK/,
  )
  assert.match(files['key.pem'], /^-----BEGIN PRIVATE KEY-----\n/)
  assert.match(files['enc.pem'], /^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/)
  assert.match(files['csr.pem'], /^-----BEGIN CERTIFICATE REQUEST-----\n/)
  const publicKey = await opensslText(['x509', '-in', 'cert.pem', '-noout', '-pubkey'], { files })
  assert.equal(await opensslText(['pkey', '-in', 'key.pem', '-pubout'], { files }), publicKey)
  assert.equal(
    await opensslText(['pkey', '-in', 'enc.pem', '-passin', 'file:pass', '-pubout'], { files }),
    publicKey,
  )
  assert.equal(
    await opensslText(['req', '-in', 'csr.pem', '-verify', '-noout', '-pubkey'], { files }),
    publicKey,
  )
  const wrong = await openssl(['pkey', '-in', 'enc.pem', '-passin', 'pass:wrong', '-noout'], { files })
  assert.notEqual(wrong.status, 0)
})

test('the passphrase opens the PKCS#12 file: key, certificate and CA', { skip: opensslMissing }, async () => {
  const answer = await alice.expect('cert/get', { cert_id: certificate, what: 'pkcs12' })
  assert.deepEqual(Object.keys(Object(answer)), ['pkcs12'])
  const text = member(answer, 'pkcs12')
  assert.ok(typeof text === 'string')
  assert.match(text, /^[A-Za-z0-9+/]+={0,2}$/)
  const files = { 'file.p12': Buffer.from(text, 'base64'), pass: alice.credentials.passphrase }
  const command = ['pkcs12', '-in', 'file.p12', '-passin', 'file:pass']
  assert.match(await opensslText([...command, '-nodes', '-nocerts'], { files }), /BEGIN PRIVATE KEY/)
  const certificates = await opensslText([...command, '-nokeys'], { files })
  assert.equal(certificates.match(/BEGIN CERTIFICATE/g)?.length, 2)
})

test('/cert/reissue keeps names and key, takes a new serial and a year from now', async () => {
  const first = await alice.createCertificate(ca, {
    CN: 'again',
    OU: 'unit',
    'SANs[0][DNS]': 'again.example.test',
  })
  service.advance(40 * 86_400_000)
  await alice.connect()
  const second = await alice.reissue(first)
  assert.notEqual(second, first)
  const [old, renewed] = [
    new X509Certificate(await pemOf('cert', first)),
    new X509Certificate(await pemOf('cert', second)),
  ]
  assert.equal(renewed.subject, old.subject)
  assert.equal(renewed.subjectAltName, old.subjectAltName)
  assert.ok(renewed.publicKey.equals(old.publicKey))
  assert.notEqual(renewed.serialNumber, old.serialNumber)
  assert.equal(renewed.validFromDate.getTime() - old.validFromDate.getTime(), 40 * 86_400_000)
  assert.equal(await pemOf('csr', second), await pemOf('csr', first))
  assert.equal(await pemOf('key.dec', second), await pemOf('key.dec', first))
})

test('/ca/delete takes the CA and all its certificates away', async () => {
  const doomed = await alice.createAuthority({ O: 'Doomed' })
  const id = await alice.createCertificate(doomed)
  assert.equal((await alice.call('ca/delete', { ca_id: doomed })).text, '{}')
  for (const [endpoint, parameters] of [
    ['ca/details', { ca_id: doomed }],
    ['ca/delete', { ca_id: doomed }],
    ['cert/list', { ca_id: doomed, what: '15' }],
    ['cert/details', { cert_id: id }],
    ['cert/get', { cert_id: id, what: 'key.dec' }],
    ['cert/reissue', { cert_id: id }],
    ['cert/status', { cert_id: id, status: 'revoked' }],
  ] as const) {
    const answer = await alice.call(endpoint, parameters)
    assert.equal(answer.status, 404, endpoint)
    assert.equal(member(answer.json(), 'code'), 'NotFound', endpoint)
  }
  const listed: unknown = await alice.expect('ca/list')
  assert.ok(Array.isArray(listed) && listed.every((row) => String(member(row, 'id')) !== doomed))
})

test('without settings keys are RSA of 2048 bits', async () => {
  const ron = await service.connected('ron@example.test', {})
  const authority = await ron.createAuthority()
  const id = await ron.createCertificate(authority)
  const answer = await ron.expect('cert/get', { cert_id: id, what: 'chain' })
  const chain = String(member(answer, 'pem')).split(/(?<=-----END CERTIFICATE-----\n)/)
  assert.equal(chain.length, 2)
  for (const pem of chain) {
    const details = new X509Certificate(pem).publicKey.asymmetricKeyDetails
    assert.deepEqual([details?.modulusLength, details?.publicExponent], [2048, 65537n])
  }
})

test('an account with the grant for it makes a CA that signs with SHA-1', {
  skip: opensslMissing,
}, async () => {
  const old = await service.connected('old@example.test', { sha1: true, tinycertKey: 'p-256' })
  const authority = await old.createAuthority({ hash_method: 'sha1' })
  assert.equal(member(await old.expect('ca/details', { ca_id: authority }), 'hash_alg'), 'SHA1')
  const id = await old.createCertificate(authority)
  const pem = String(member(await old.expect('cert/get', { cert_id: id, what: 'cert' }), 'pem'))
  const text = await opensslText(['x509', '-noout', '-text'], { input: pem })
  assert.match(text, /Signature Algorithm: sha1WithRSAEncryption/)
})
