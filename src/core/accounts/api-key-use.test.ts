import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { eventsOf, openInstallation, tamper, testCaller } from '../../../test/support/installation.ts'
import { temporaryFolder } from '../../../test/support/tmp.ts'
import { accountId } from '../brand.ts'
import { type FaultCode, isFault } from '../faults.ts'
import { createApiKey, revokeApiKey } from './api-key-create.ts'
import { useApiKey } from './api-key-use.ts'
import { createAccount } from './create-account.ts'

async function withAccount(context: TestContext) {
  const installation = await openInstallation({ folder: temporaryFolder(context, 'api-keys') })
  context.after(() => installation.close())
  const { account } = await createAccount(installation, { email: 'alice@example.test' }, testCaller)
  const request = { accountId: account.id, role: 'standard', restriction: 'view', endDate: null } as const
  const refusal = (text: string, code: FaultCode = 'credential_unknown') =>
    assert.rejects(useApiKey(installation, text), (error) => isFault(error, code), code)
  return { installation, account, request, refusal }
}

test('a key works until it is revoked, and is told to the audit log at both ends', async (context) => {
  const { installation, account, request, refusal } = await withAccount(context)
  const { text, record } = await createApiKey(installation, request, testCaller)
  const { key, account: holder } = await useApiKey(installation, text)
  assert.deepEqual([holder.id, key.role, key.restriction], [account.id, 'standard', 'view'])
  await revokeApiKey(installation, account.id, record.publicId, testCaller)
  await refusal(text)
  await assert.rejects(revokeApiKey(installation, account.id, record.publicId, testCaller), (error) =>
    isFault(error, 'credential_unknown'),
  )
  assert.equal((await eventsOf(installation, 'api-key.revoked')).length, 1)
})

test('a key with a wrong secret, of nobody, or of another form is refused the same way', async (context) => {
  const { installation, request, refusal } = await withAccount(context)
  const { text } = await createApiKey(installation, request, testCaller)
  const last = text.endsWith('0') ? '1' : '0'
  for (const wrong of [
    '',
    text.slice(0, -1) + last,
    `01${'0'.repeat(24)}${text.slice(26)}`,
    text.toUpperCase(),
  ]) {
    await refusal(wrong)
  }
  await useApiKey(installation, text)
})

test('a key ends after its last day', async (context) => {
  const { installation, request, refusal } = await withAccount(context)
  const endDate = new Date(installation.clock.time).toISOString().slice(0, 10)
  const { text } = await createApiKey(installation, { ...request, endDate }, testCaller)
  await useApiKey(installation, text)
  installation.clock.time = Date.parse(endDate) + 86_400_000
  await refusal(text)
})

test('a key of another account is not revoked', async (context) => {
  const { installation, request } = await withAccount(context)
  const { text, record } = await createApiKey(installation, request, testCaller)
  const other = await createAccount(installation, { email: 'bob@example.test' }, testCaller)
  await assert.rejects(revokeApiKey(installation, other.account.id, record.publicId, testCaller), (error) =>
    isFault(error, 'credential_unknown'),
  )
  await useApiKey(installation, text)
})

test('no key is made for an absent account or with an end that is no day', async (context) => {
  const { installation, request } = await withAccount(context)
  const create = (change: object) => createApiKey(installation, { ...request, ...change }, testCaller)
  await assert.rejects(create({ accountId: accountId(99) }), (error) => isFault(error, 'account_unavailable'))
  await assert.rejects(create({ endDate: '2027-02-29' }), (error) => isFault(error, 'parameter_invalid'))
})

test('keys of a sandbox are marked as such', async (context) => {
  const { installation, request } = await withAccount(context)
  await installation.store.write((transaction) => transaction.runtime.setSetting('kind', 'sandbox'))
  const { text } = await createApiKey(installation, request, testCaller)
  assert.match(text, /^02/)
})

test('a key whose account was changed behind our back is refused', async (context) => {
  const { installation, request, refusal } = await withAccount(context)
  const { text } = await createApiKey(installation, request, testCaller)
  tamper(installation, `update account set name = 'Mallory'`)
  await refusal(text, 'account_corrupt')
})
