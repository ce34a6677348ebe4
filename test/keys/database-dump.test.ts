import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { createAccount } from '../../src/core/accounts/create-account.ts'
import { openSession } from '../../src/core/accounts/session-open.ts'
import { useSession } from '../../src/core/accounts/session-use.ts'
import { insertKey } from '../../src/core/keys/master-key.ts'
import { openInstallation, testCaller } from '../support/installation.ts'
import { temporaryFolder } from '../support/tmp.ts'

/** Every form in which octets could stand in a database. */
function formsOf(secret: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(secret)
  const texts = [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')]
  return [bytes, ...texts.map((text) => Buffer.from(text)), Buffer.from(bytes.toString('hex').toUpperCase())]
}

test('P15 the files of a database hold no key, passphrase, token or API key in any usable form', async (context) => {
  const folder = temporaryFolder(context, 'dump')
  const installation = await openInstallation({ folder })
  const { store, sealer, keyService } = installation
  const passphrase = 'a passphrase to look for'
  const { account, tinycertKey, apiKey } = await createAccount(
    installation,
    { email: 'alice@example.test', passphrase },
    testCaller,
  )
  const token = await openSession(installation, account, passphrase, testCaller)
  const session = await useSession(installation, token)
  const common = { accountId: account.id, now: 0 }
  const { vaultKey } = session
  const keys = [
    await keyService.generate({ ...common, kind: 'rsa-2048', purpose: 'authority' }),
    await keyService.generate({ ...common, kind: 'ed25519', purpose: 'subscriber', vaultKey }),
  ]
  await store.write(function* (transaction) {
    for (const key of keys) yield* insertKey(transaction, sealer, key)
  })
  const [authorityKey, subscriberKey] = keys
  assert.ok(authorityKey && subscriberKey)
  const masterKeyLine = readFileSync(installation.masterKeyFile, 'utf8').trim()
  const apiSecret = apiKey.slice(27)
  const secrets: readonly (readonly [string, Uint8Array])[] = [
    ['passphrase', Buffer.from(passphrase)],
    ['token', Buffer.from(token)],
    ['token octets', Buffer.from(token, 'hex')],
    ['TinyCert key', Buffer.from(tinycertKey)],
    ['TinyCert key octets', Buffer.from(tinycertKey, 'hex')],
    ['API key', Buffer.from(apiSecret)],
    ['API key octets', Buffer.from(apiSecret, 'hex')],
    ['vault key', vaultKey],
    ['master key', Buffer.from(masterKeyLine.slice(-64), 'hex')],
    // Any 48 octets from the middle of the RSA key, and the whole scalar of the other.
    ['CA key', keyService.exportPrivateKey(authorityKey).subarray(400, 448)],
    ['subscriber key', keyService.exportPrivateKey(subscriberKey, vaultKey).subarray(-32)],
  ]
  const read = () =>
    Buffer.concat(
      readdirSync(folder)
        .filter((name) => !name.startsWith('master.key'))
        .map((name) => readFileSync(join(folder, name))),
    )
  // While it runs, with the write-ahead log, and after it ended.
  const dumps = [read()]
  await installation.close()
  dumps.push(read())
  for (const dump of dumps) {
    assert.ok(dump.includes('alice@example.test'), 'the dump is read at all')
    for (const [name, secret] of secrets) {
      for (const form of formsOf(secret)) assert.ok(!dump.includes(form), name)
    }
  }
})
