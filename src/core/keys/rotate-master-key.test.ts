import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test, { type TestContext } from 'node:test'
import {
  eventsOf,
  type Installation,
  openInstallation,
  tamper,
  testCaller,
} from '../../../test/support/installation.ts'
import { temporaryFolder } from '../../../test/support/tmp.ts'
import { createAccount } from '../accounts/create-account.ts'
import { loadAccount, openTinycertKey } from '../accounts/load-account.ts'
import { openSession } from '../accounts/session-open.ts'
import { useSession } from '../accounts/session-use.ts'
import { accountId } from '../brand.ts'
import { isFault } from '../faults.ts'
import { insertKey } from './master-key.ts'
import { rotateMasterKey } from './rotate-master-key.ts'
import { SealError } from './sealer.ts'

const passphrase = 'open *sesame* ~ now!'

async function withSecrets(context: TestContext) {
  const folder = temporaryFolder(context, 'rotation')
  const installation = await openInstallation({ folder })
  context.after(() => installation.close())
  const { account, tinycertKey } = await createAccount(
    installation,
    { email: 'alice@example.test', passphrase },
    testCaller,
  )
  const key = await storedKey(installation)
  return { folder, installation, account, tinycertKey, key }
}

async function newKey({ keyService, clock }: Installation, owner: number) {
  const request = { kind: 'p-256', purpose: 'authority', now: clock.now() } as const
  return await keyService.generate({ ...request, accountId: accountId(owner) })
}

async function storedKey(installation: Installation) {
  const key = await newKey(installation, 1)
  await installation.store.write((transaction) => insertKey(transaction, installation.sealer, key))
  return key
}

test('a rotation rewraps every key and account, keeps sessions alive and is told to the audit log', async (context) => {
  const { folder, installation, account, tinycertKey, key } = await withSecrets(context)
  const { store, sealer, keyService, masterKeyFile } = installation
  const token = await openSession(installation, account, passphrase, testCaller)
  const before = readFileSync(masterKeyFile, 'utf8')
  const pkcs8 = Buffer.from(keyService.exportPrivateKey(key))
  const from = sealer.masterKeyId
  const rotation = await rotateMasterKey(installation, sealer, testCaller)
  assert.deepEqual(rotation, { from, to: sealer.masterKeyId, keys: 1, accounts: 1, unreadable: [] })
  assert.notEqual(rotation.to, from)
  assert.notEqual(readFileSync(masterKeyFile, 'utf8'), before)
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('master.key')),
    ['master.key'],
  )
  assert.throws(() => keyService.exportPrivateKey(key), SealError, 'the old envelope opens no more')
  const rewrapped = await store.read((view) => view.keys.byId(key.id))
  assert.ok(rewrapped)
  assert.deepEqual(Buffer.from(keyService.exportPrivateKey(rewrapped)), pkcs8)
  const loaded = await store.read((view) => loadAccount(view, sealer, account.id))
  assert.equal(Buffer.from(openTinycertKey(sealer, loaded)).toString(), tinycertKey)
  assert.equal((await useSession(installation, token)).passphrase(), passphrase)
  const [told] = await eventsOf(installation, 'master-key.rotated')
  assert.deepEqual(told?.detail, { from, to: rotation.to, keys: 1, accounts: 1, unreadable: 0 })
})

test('more keys and accounts than one page are all rewrapped', async (context) => {
  const { installation } = await withSecrets(context)
  const [key] = await installation.store.read((view) => view.keys.masterWrapped('', 1))
  assert.ok(key)
  const keys = await Promise.all(Array.from({ length: 1000 }, () => newKey(installation, 1)))
  await installation.store.write(function* (transaction) {
    for (const made of keys) yield* insertKey(transaction, installation.sealer, made)
  })
  const rotation = await rotateMasterKey(installation, installation.sealer, testCaller)
  assert.equal(rotation.keys, 1001)
  const last = await installation.store.read((view) => view.keys.byId(keys.at(-1)?.id ?? key.id))
  assert.ok(last)
  assert.ok(installation.keyService.exportPrivateKey(last).length > 0)
})

test('another process follows the rotation when it opens, makes and stores secrets', async (context) => {
  const { folder, installation, account, tinycertKey, key } = await withSecrets(context)
  const server = await openInstallation({ folder })
  context.after(() => server.close())
  const made = await newKey(server, 1)
  await rotateMasterKey(installation, installation.sealer, testCaller)
  await assert.rejects(
    server.store.write((transaction) => insertKey(transaction, server.sealer, made)),
    (error) => isFault(error, 'store_busy'),
    'a key under the old master key is not stored',
  )
  assert.equal(server.sealer.masterKeyId, installation.sealer.masterKeyId)
  await storedKey(server)
  const stored = await server.store.read((view) => view.keys.byId(key.id))
  assert.ok(stored && server.keyService.exportPrivateKey(stored))
  const loaded = await server.store.read((view) => loadAccount(view, server.sealer, account.id))
  assert.equal(Buffer.from(openTinycertKey(server.sealer, loaded)).toString(), tinycertKey)
})

test('an account made in another process right after a rotation is sealed under the new key', async (context) => {
  const { folder, installation } = await withSecrets(context)
  const server = await openInstallation({ folder })
  context.after(() => server.close())
  await rotateMasterKey(installation, installation.sealer, testCaller)
  const { account } = await createAccount(server, { email: 'bob@example.test' }, testCaller)
  assert.equal(server.sealer.wrappedBy(account.tinycertKeySealed), installation.sealer.masterKeyId)
})

test('of two rotations at once one is refused, and the other leaves a key that opens everything', async (context) => {
  const { folder, installation, key } = await withSecrets(context)
  const other = await openInstallation({ folder })
  context.after(() => other.close())
  const results = await Promise.allSettled(
    [installation, other].map((each) => rotateMasterKey(each, each.sealer, testCaller)),
  )
  const refused = results.find((result) => result.status === 'rejected')
  assert.ok(refused === undefined || isFault(refused.reason, 'store_busy'))
  assert.ok(results.some((result) => result.status === 'fulfilled'))
  for (const each of [installation, other]) {
    const stored = await each.store.read((view) => view.keys.byId(key.id))
    assert.ok(stored && each.keyService.exportPrivateKey(stored))
  }
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('master.key')),
    ['master.key'],
  )
})

test('a key that does not open stops the rotation by name, and nothing has changed then', async (context) => {
  const { folder, installation, key } = await withSecrets(context)
  const other = await storedKey(installation)
  tamper(installation, `update private_key set purpose = 'tls-server' where id = ?`, key.id)
  const from = installation.sealer.masterKeyId
  await assert.rejects(
    rotateMasterKey(installation, installation.sealer, testCaller),
    (error) => error instanceof SealError && error.message.includes(`key:${key.id}`),
  )
  assert.equal(installation.sealer.masterKeyId, from)
  assert.ok(installation.keyService.exportPrivateKey(other).length > 0)
  assert.equal((await eventsOf(installation, 'master-key.rotated')).length, 0)
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('master.key')),
    ['master.key'],
  )
})

test('on demand, also right after a refusal, a rotation leaves what does not open and names it', async (context) => {
  const { installation, key } = await withSecrets(context)
  tamper(installation, `update private_key set purpose = 'tls-server' where id = ?`, key.id)
  await assert.rejects(rotateMasterKey(installation, installation.sealer, testCaller), SealError)
  const options = { leaveUnreadable: true }
  const rotation = await rotateMasterKey(installation, installation.sealer, testCaller, options)
  assert.deepEqual([rotation.keys, rotation.accounts, rotation.unreadable], [0, 1, [`key:${key.id}`]])
})

test('an account whose row was changed behind our back is not made sound by a rotation', async (context) => {
  const { installation, account } = await withSecrets(context)
  const { store, sealer } = installation
  tamper(installation, `update account set name = 'Mallory'`)
  await rotateMasterKey(installation, sealer, testCaller)
  await assert.rejects(
    async () => await store.read((view) => loadAccount(view, sealer, account.id)),
    (error) => isFault(error, 'account_corrupt'),
  )
  tamper(installation, 'update account set name = ?', account.name)
  await assert.rejects(
    async () => await store.read((view) => loadAccount(view, sealer, account.id)),
    (error) => isFault(error, 'account_corrupt'),
    'its MAC still covers the old envelope',
  )
})
