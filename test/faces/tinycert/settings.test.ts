import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, test } from 'node:test'
import { chancery, startServer } from '../../support/process.ts'
import { credentialsOf, member, TinycertClient } from './client.ts'

const server = await startServer({ after })
const data = ['--data', server.dataFolder, '--json']
const created = await chancery(['account', 'create', '--email', 'alice@example.test', ...data])
const account = String(member(JSON.parse(created.stdout), 'account_id'))
const client = new TinycertClient(`${server.http}/api/v1`, credentialsOf(created.stdout))
await client.connect()

const set = (...settings: readonly string[]) => chancery(['account', 'set', account, ...settings, ...data])

async function newAuthority(hash_method: string): Promise<X509Certificate> {
  const ca_id = String(await client.expectId('ca/new', { C: 'NL', O: 'Example', hash_method }))
  const answer = await client.expect('ca/get', { ca_id, what: 'cert' })
  return new X509Certificate(String(member(answer, 'pem')))
}

test('what an operator sets on the command line holds at once in open sessions', async () => {
  assert.equal((await newAuthority('sha256')).publicKey.asymmetricKeyType, 'rsa')
  const refused = await client.call('ca/new', { C: 'NL', O: 'Example', hash_method: 'sha1' })
  assert.equal(member(refused.json(), 'code'), 'InputFailure')
  assert.match(refused.text, /hash_method/)

  const { status, stdout } = await set('tinycert.key=p-256', 'sha1=on')
  assert.equal(status, 0)
  assert.deepEqual(JSON.parse(stdout), {
    account_id: Number(account),
    settings: { tinycertKey: 'p-256', sha1: true },
  })
  assert.equal((await newAuthority('sha256')).publicKey.asymmetricKeyType, 'ec')
  assert.equal((await newAuthority('sha1')).publicKey.asymmetricKeyType, 'rsa')

  await set('tinycert.strict=on')
  const unprotected = await client.call('ca/list')
  assert.equal(member(unprotected.json(), 'code'), 'MissingParameter')
  await set('tinycert.strict=off')
  assert.equal((await client.call('ca/list')).status, 200)
})

test('a setting that does not exist, or cannot have that value, is a usage error that names what can be', async () => {
  for (const [given, text] of [
    ['nonsense=1', /tinycert\.key, tinycert\.strict, sha1/],
    ['__proto__=1', /there are/],
    ['sha1', /cannot be ""/],
    ['sha1=maybe', /cannot be "maybe"/],
    ['tinycert.key=rsa-1024', /cannot be "rsa-1024"/],
  ] as const) {
    const { status, stderr } = await set(given)
    assert.equal(status, 2, given)
    assert.match(stderr, text)
  }
})
