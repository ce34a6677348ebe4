import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { eventsOf, openInstallation, tamper, testCaller } from '../../../test/support/installation.ts'
import { temporaryFolder } from '../../../test/support/tmp.ts'
import { isFault } from '../faults.ts'
import { useApiKey } from './api-key-use.ts'
import { createAccount } from './create-account.ts'
import { loadAccount, loadAccountByEmail, openTinycertKey } from './load-account.ts'
import { openVaultKey } from './passphrase.ts'

async function newInstallation(context: TestContext) {
  const installation = await openInstallation({ folder: temporaryFolder(context, 'accounts') })
  context.after(() => installation.close())
  return installation
}

test('a new account has a name, working secrets and an administrator key, told to the audit log', async (context) => {
  const installation = await newInstallation(context)
  const created = await createAccount(installation, { email: 'Alice@Example.test' }, testCaller)
  const { account, tinycertKey, generatedPassphrase, apiKey } = created
  assert.equal(account.email, 'alice@example.test')
  assert.equal(account.name, 'alice@example.test')
  assert.match(tinycertKey, /^[0-9a-f]{64}$/)
  assert.equal(Buffer.from(openTinycertKey(installation.sealer, account)).toString(), tinycertKey)
  assert.equal((await openVaultKey(installation, account, generatedPassphrase ?? '')).length, 32)
  const holder = await useApiKey(installation, apiKey)
  assert.equal(holder.account.id, account.id)
  assert.deepEqual(
    [holder.key.role, holder.key.restriction, holder.key.endDate],
    ['administrator', null, null],
  )
  const [told] = await eventsOf(installation, 'account.created')
  assert.equal(told?.object, `account:${account.id}`)
  assert.equal((await eventsOf(installation, 'api-key.created')).length, 1)
})

test('a given passphrase is used and not returned', async (context) => {
  const installation = await newInstallation(context)
  const passphrase = 'open *sesame* ~ now!'
  const created = await createAccount(
    installation,
    { email: 'a@b.test', name: 'Bob', passphrase },
    testCaller,
  )
  assert.equal(created.account.name, 'Bob')
  assert.equal('generatedPassphrase' in created, false)
  await openVaultKey(installation, created.account, passphrase)
  await assert.rejects(openVaultKey(installation, created.account, `${passphrase} `), (error) =>
    isFault(error, 'passphrase_wrong'),
  )
})

test('an address is taken once, in any letter case, and the refusal leaves nothing behind', async (context) => {
  const installation = await newInstallation(context)
  await createAccount(installation, { email: 'alice@example.test' }, testCaller)
  await assert.rejects(createAccount(installation, { email: 'ALICE@example.test' }, testCaller), (error) =>
    isFault(error, 'account_exists'),
  )
  assert.equal((await eventsOf(installation, 'account.created')).length, 1)
  assert.equal((await eventsOf(installation, 'api-key.created')).length, 1)
})

test('names that are empty, too long or not plain text are refused', async (context) => {
  const installation = await newInstallation(context)
  for (const name of ['', '  ', 'x'.repeat(257), 'a\nb', 'a\ud800']) {
    await assert.rejects(
      createAccount(installation, { email: 'a@b.test', name }, testCaller),
      (error) => isFault(error, 'parameter_invalid') && error.detail.parameter === 'name',
    )
  }
})

test('an account is found by id and by address, and its absence is told apart', async (context) => {
  const installation = await newInstallation(context)
  const { store, sealer } = installation
  const { account } = await createAccount(installation, { email: 'alice@example.test' }, testCaller)
  const byId = await store.read((view) => loadAccount(view, sealer, account.id))
  assert.deepEqual([byId.id, byId.email], [account.id, 'alice@example.test'])
  const byEmail = await store.read((view) => loadAccountByEmail(view, sealer, 'Alice@Example.Test'))
  assert.equal(byEmail.id, account.id)
  await assert.rejects(
    async () => await store.read((view) => loadAccountByEmail(view, sealer, 'bob@example.test')),
    (error) => isFault(error, 'account_unknown'),
  )
  tamper(installation, 'delete from account')
  await assert.rejects(
    async () => await store.read((view) => loadAccount(view, sealer, account.id)),
    (error) => isFault(error, 'account_unavailable'),
  )
})

test('an account whose row was changed in any column is refused as corrupt', async (context) => {
  const installation = await newInstallation(context)
  const { store, sealer } = installation
  const passphrase = 'open *sesame* ~ now!'
  const { account } = await createAccount(installation, { email: 'a@b.test', passphrase }, testCaller)
  const other = await createAccount(installation, { email: 'c@d.test', passphrase }, testCaller)
  const load = async () => await store.read((view) => loadAccount(view, sealer, account.id))
  const parameters = { algorithm: 'argon2id', memoryKiB: 64, passes: 1, lanes: 1 }
  const salt = Buffer.alloc(16).toString('base64')
  for (const [column, value] of [
    ['email', 'mallory@b.test'],
    ['name', 'Mallory'],
    ['status', 'disabled'],
    ['status', 'unheard-of'],
    ['settings', '{"sha1":true}'],
    ['settings', 'no JSON'],
    ['passphrase_parameters', JSON.stringify({ ...parameters, salt })],
    ['vault_key_sealed', other.account.vaultKeySealed],
    ['tinycert_key_sealed', other.account.tinycertKeySealed],
    ['created_at', 0],
    ['integrity', other.account.integrity],
    ['integrity', new Uint8Array(0)],
  ] as const) {
    tamper(installation, 'create table if not exists kept as select * from account')
    tamper(installation, `update account set ${column} = ? where id = ?`, value, account.id)
    await assert.rejects(load, (error) => isFault(error, 'account_corrupt'), `${column} ${value}`)
    tamper(
      installation,
      `update account set ${column} = (select ${column} from kept where kept.id = account.id) where id = ?`,
      account.id,
    )
    assert.equal((await load()).id, account.id)
  }
})
