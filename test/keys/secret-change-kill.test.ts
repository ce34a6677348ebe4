import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { AccountRecord } from '../../src/core/accounts/account.ts'
import { createAccount } from '../../src/core/accounts/create-account.ts'
import { loadAccount, openTinycertKey } from '../../src/core/accounts/load-account.ts'
import { openVaultKey } from '../../src/core/accounts/passphrase.ts'
import { openSession } from '../../src/core/accounts/session-open.ts'
import { useSession } from '../../src/core/accounts/session-use.ts'
import { isFault } from '../../src/core/faults.ts'
import type { KeyRecord } from '../../src/core/keys/key-record.ts'
import { insertKey } from '../../src/core/keys/master-key.ts'
import { rotateMasterKey } from '../../src/core/keys/rotate-master-key.ts'
import { sealContexts } from '../../src/core/keys/seal-contexts.ts'
import { SealError } from '../../src/core/keys/sealer.ts'
import { openEnvelope } from '../../src/keys/envelope.ts'
import { MasterKeyFile } from '../../src/keys/master-key-file.ts'
import {
  type Installation,
  installationStart,
  openInstallation,
  testCaller,
} from '../support/installation.ts'
import { temporaryFolder } from '../support/tmp.ts'
import { passphraseOf } from './secret-change.ts'

/** Longer than every lease of a rotation: what a dead one left can be cleared away. */
const later = installationStart + 600_000

interface Prepared {
  readonly folder: string
  readonly tinycertKey: string
  readonly token: string
  readonly account: AccountRecord
  readonly keys: readonly { readonly id: KeyRecord['id']; readonly pkcs8: Buffer }[]
  readonly vaultKey: Buffer
  readonly subscriberKey: KeyRecord
}

/** An installation with an account, a session, two CA keys and a subscriber key; closed. */
async function prepare(context: TestContext): Promise<Prepared> {
  const folder = temporaryFolder(context, 'secret-change')
  const installation = await openInstallation({ folder })
  const { store, sealer, keyService } = installation
  const request = { email: 'alice@example.test', passphrase: passphraseOf(0) }
  const { account, tinycertKey } = await createAccount(installation, request, testCaller)
  const token = await openSession(installation, account, passphraseOf(0), testCaller)
  const vaultKey = await openVaultKey(installation, account, passphraseOf(0))
  const common = { kind: 'p-256', accountId: account.id, now: 0 } as const
  const authorityKeys = [
    await keyService.generate({ ...common, purpose: 'authority' }),
    await keyService.generate({ ...common, purpose: 'authority' }),
  ]
  const subscriberKey = await keyService.generate({ ...common, purpose: 'subscriber', vaultKey })
  await store.write(function* (transaction) {
    for (const key of [...authorityKeys, subscriberKey]) yield* insertKey(transaction, sealer, key)
  })
  const keys = authorityKeys.map((key) => ({
    id: key.id,
    pkcs8: Buffer.from(keyService.exportPrivateKey(key)),
  }))
  await installation.close()
  return { folder, tinycertKey, token, account, keys, vaultKey: Buffer.from(vaultKey), subscriberKey }
}

function startChange(folder: string, secret: 'master-key' | 'passphrase', ...stopPoint: readonly string[]) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'secret-change-child.ts'), folder, secret, ...stopPoint],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  return { child, ended: once(child, 'close') }
}

async function killedAt(
  folder: string,
  secret: 'master-key' | 'passphrase',
  stopPoint: string,
): Promise<void> {
  const [, signal] = await startChange(folder, secret, stopPoint).ended
  assert.equal(signal, 'SIGKILL', `${stopPoint} was not reached`)
}

/** Kills a child that changes the secret again and again, some time after its first change began. */
async function killedAfter(folder: string, secret: 'master-key' | 'passphrase', ms: number): Promise<void> {
  const { child, ended } = startChange(folder, secret)
  await once(child.stdout, 'data')
  await delay(ms)
  child.kill('SIGKILL')
  const [, signal] = await ended
  assert.equal(signal, 'SIGKILL')
}

async function checkMasterWrapped(installation: Installation, prepared: Prepared): Promise<void> {
  const { store, sealer, keyService } = installation
  for (const { id, pkcs8 } of prepared.keys) {
    const key = await store.read((view) => view.keys.byId(id))
    assert.ok(key)
    assert.deepEqual(Buffer.from(keyService.exportPrivateKey(key)), pkcs8)
    assert.equal(sealer.wrappedBy(key.sealed), sealer.masterKeyId)
  }
  const account = await store.read((view) => loadAccount(view, sealer, prepared.account.id))
  assert.equal(Buffer.from(openTinycertKey(sealer, account)).toString(), prepared.tinycertKey)
}

const masterKeyFiles = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('master.key'))

for (const [point, rotated] of [
  ['master-key.new-file', false],
  ['master-key.committed', true],
  ['master-key.renamed', true],
] as const) {
  test(`S14 killed at ${point}, one master key opens everything, and rotation goes on`, async (context) => {
    const prepared = await prepare(context)
    const { folder } = prepared
    const before = readFileSync(join(folder, 'master.key'), 'utf8')
    await killedAt(folder, 'master-key', point)
    // At once, while the lease of the dead process still runs.
    const first = await openInstallation({ folder })
    await checkMasterWrapped(first, prepared)
    assert.equal(readFileSync(join(folder, 'master.key'), 'utf8') !== before, rotated)
    await first.close()
    const second = await openInstallation({ folder, startAt: later })
    context.after(() => second.close())
    assert.deepEqual(masterKeyFiles(folder), ['master.key'])
    await checkMasterWrapped(second, prepared)
    await rotateMasterKey(second, second.sealer, testCaller)
    await checkMasterWrapped(second, prepared)
    assert.deepEqual(masterKeyFiles(folder), ['master.key'])
  })
}

test('S14 killed at any time during rotations, one master key opens everything', async (context) => {
  const prepared = await prepare(context)
  const { folder } = prepared
  for (const ms of [0, 1, 2, 4, 8, 16, 25, 40, 60, 90]) {
    await killedAfter(folder, 'master-key', ms)
    const installation = await openInstallation({ folder })
    await checkMasterWrapped(installation, prepared)
    const file = new MasterKeyFile(installation.masterKeyFile)
    assert.equal(Buffer.from(file.read()?.id ?? []).toString('hex'), installation.sealer.masterKeyId)
    // The lease of the killed process would make the next child's rotation wait.
    await installation.store.write(function* (transaction) {
      yield* transaction.runtime.takeLease('master-key', 'test', later, later)
      yield* transaction.runtime.releaseLease('master-key', 'test')
    })
    await installation.close()
  }
})

async function opens(installation: Installation, prepared: Prepared, passphrase: string): Promise<boolean> {
  const { store, sealer, keyService } = installation
  const account = await store.read((view) => loadAccount(view, sealer, prepared.account.id))
  try {
    const vaultKey = await openVaultKey(installation, account, passphrase)
    assert.deepEqual(Buffer.from(vaultKey), prepared.vaultKey)
    const key = await store.read((view) => view.keys.byId(prepared.subscriberKey.id))
    assert.ok(key && keyService.exportPrivateKey(key, vaultKey).length > 0)
    return true
  } catch (error) {
    if (isFault(error, 'passphrase_wrong')) return false
    throw error
  }
}

for (const [point, changed] of [
  ['passphrase.before-commit', false],
  ['passphrase.committed', true],
] as const) {
  test(`S14 killed at ${point}, exactly one passphrase opens the subscriber keys`, async (context) => {
    const prepared = await prepare(context)
    await killedAt(prepared.folder, 'passphrase', point)
    const installation = await openInstallation({ folder: prepared.folder })
    context.after(() => installation.close())
    assert.equal(await opens(installation, prepared, passphraseOf(0)), !changed)
    assert.equal(await opens(installation, prepared, passphraseOf(1)), changed)
    const session = useSession(installation, prepared.token)
    if (changed) await assert.rejects(session, (error) => isFault(error, 'session_unknown'))
    else assert.equal((await session).passphrase(), passphraseOf(0))
  })
}

test('S14 killed at any time during passphrase changes, exactly one passphrase opens the keys', async (context) => {
  for (const ms of [5, 20, 50, 100]) {
    const prepared = await prepare(context)
    await killedAfter(prepared.folder, 'passphrase', ms)
    const installation = await openInstallation({ folder: prepared.folder })
    let opening = 0
    for (let round = 0; round < 500; round++) {
      if (await opens(installation, prepared, passphraseOf(round))) opening++
    }
    assert.equal(opening, 1)
    await installation.close()
  }
})

test('S14 a copy of the database and the old master key opens nothing that was rewrapped', async (context) => {
  const prepared = await prepare(context)
  const installation = await openInstallation({ folder: prepared.folder })
  context.after(() => installation.close())
  const old = new MasterKeyFile(installation.masterKeyFile).read()
  assert.ok(old)
  await rotateMasterKey(installation, installation.sealer, testCaller)
  for (const { id } of prepared.keys) {
    const key = await installation.store.read((view) => view.keys.byId(id))
    assert.ok(key)
    assert.throws(() => openEnvelope(old, key.sealed, sealContexts.privateKey(key)), SealError)
  }
})
