import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventsOf, openInstallation, tamper, testCaller } from '../../../test/support/installation.ts'
import { temporaryFolder } from '../../../test/support/tmp.ts'
import { accountId } from '../brand.ts'
import { isFault } from '../faults.ts'
import { changeAccountSettings } from './change-account-settings.ts'
import { createAccount } from './create-account.ts'
import { loadAccount } from './load-account.ts'

test('settings that are named change, others stay, and the audit log has both', async (context) => {
  const installation = await openInstallation({ folder: temporaryFolder(context) })
  context.after(() => installation.close())
  const request = { email: 'ada@example.test', settings: { sha1: true } }
  const { account } = await createAccount(installation, request, testCaller)
  await changeAccountSettings(installation, account.id, { tinycertKey: 'p-256' }, testCaller)
  const expected = { sha1: true, tinycertKey: 'p-256', tinycertStrict: true }
  const changed = await changeAccountSettings(installation, account.id, { tinycertStrict: true }, testCaller)
  assert.deepEqual(changed.settings, expected)
  const stored = await installation.store.read((view) => loadAccount(view, installation.sealer, account.id))
  assert.deepEqual(stored.settings, expected)
  const [first] = await eventsOf(installation, 'account.changed')
  assert.deepEqual(first?.detail, { before: '{"sha1":true}', after: '{"sha1":true,"tinycertKey":"p-256"}' })
})

test('an account that is gone or was changed behind our back takes no settings', async (context) => {
  const installation = await openInstallation({ folder: temporaryFolder(context) })
  context.after(() => installation.close())
  const { account } = await createAccount(installation, { email: 'ada@example.test' }, testCaller)
  const change = (id: number) =>
    changeAccountSettings(installation, accountId(id), { sha1: true }, testCaller)
  await assert.rejects(change(account.id + 1), (error) => isFault(error, 'account_unavailable'))
  tamper(installation, 'UPDATE account SET settings = \'{"sha1":true}\' WHERE id = ?', account.id)
  await assert.rejects(change(account.id), (error) => isFault(error, 'account_corrupt'))
})
