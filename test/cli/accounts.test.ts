import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { commandLine } from './command-line.ts'

const { folder, json, refusal } = commandLine({ after })

describe('accounts and keys', () => {
  test('account create prints one JSON object with every secret, once', async () => {
    const created = await json(['account', 'create', '--email', 'Alice@Example.test', '--name', 'Alice'])
    assert.deepEqual(Object.keys(created), [
      'account_id',
      'email',
      'tinycert_api_key',
      'passphrase',
      'api_key',
    ])
    assert.equal(created.email, 'alice@example.test')
    assert.match(created.api_key, /^01[0-9a-f]{24}_[0-9a-f]{64}$/)
    const shown = await json(['account', 'show', String(created.account_id)])
    assert.equal(shown.name, 'Alice')
    assert.equal(shown.cas.length, 2, 'root and issuing CA')
    for (const secret of [created.passphrase, created.tinycert_api_key, created.api_key]) {
      assert.ok(!JSON.stringify(shown).includes(secret))
    }
  })

  test('a passphrase comes from a file or standard input, never generated then, and never printed', async () => {
    const file = join(folder, 'passphrase')
    writeFileSync(file, 'correct horse battery staple\n')
    const first = await json(['account', 'create', '--email', 'file@example.test', '--passphrase-file', file])
    assert.ok(!('passphrase' in first))
    const input = 'another long passphrase\nignored\n'
    const second = await json(
      ['account', 'create', '--email', 'stdin@example.test', '--passphrase-file', '-'],
      { input },
    )
    assert.ok(!('passphrase' in second))
    const next = join(folder, 'next')
    writeFileSync(next, 'a third long passphrase\n')
    const id = String(second.account_id)
    const change = ['account', 'passphrase', id, '--current-file', '-', '--passphrase-file', next]
    assert.match(await refusal(change, 1, { input: 'wrong\n' }), /^chancery: the passphrase is wrong/)
    assert.deepEqual(await json(change, { input }), { account_id: Number(id), sessions_ended: 0 })
    assert.match(await refusal(change, 1, { input }), /^chancery: the passphrase is wrong/)
    assert.match(await refusal(['account', 'passphrase', id]), /no terminal to ask on: use --current-file/)
  })

  test('an address that is taken is refused', async () => {
    const args = ['account', 'create', '--email', 'twice@example.test']
    await json(args)
    assert.match(await refusal(args), /twice@example\.test exists already/)
    assert.match(await refusal(['account', 'create', '--email', 'nonsense']), /"email" is not valid/)
  })

  test('API keys have roles, restrictions and ends, are listed without their secret, and end when revoked', async () => {
    const { account_id } = await json(['account', 'create', '--email', 'keys@example.test'])
    const account = ['--account', String(account_id)]
    const wish = ['--role', 'limited', '--restrict', 'view', '--end-date', '2030-01-31']
    const created = await json(['key', 'create', ...account, ...wish])
    assert.deepEqual(Object.keys(created), ['key_id', 'api_key'])
    assert.ok(created.api_key.startsWith(`${created.key_id}_`))
    const { keys } = await json(['key', 'list', ...account])
    assert.equal(keys.length, 2)
    const listed = keys.find(({ key_id }: { key_id: string }) => key_id === created.key_id)
    assert.equal(listed.role, 'limited')
    assert.equal(listed.restriction, 'view')
    assert.equal(listed.end_date, '2030-01-31')
    assert.ok(!JSON.stringify(keys).includes(created.api_key))
    await json(['key', 'revoke', created.key_id, ...account])
    assert.match(
      await refusal(['key', 'revoke', created.key_id, ...account]),
      /no such key, or it was revoked/,
    )
    assert.match(
      await refusal(['key', 'create', ...account, '--end-date', '31.1.2030']),
      /not a day written YYYY-MM-DD/,
    )
    assert.match(await refusal(['key', 'create', '--account', '9999']), /the account is gone/)
  })
})
