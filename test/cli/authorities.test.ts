import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { opensslMissing, opensslText } from '../support/openssl.ts'
import { commandLine } from './command-line.ts'

const { folder, json, refusal } = commandLine({ after })

describe('CAs', () => {
  before(() => json(['account', 'create', '--email', 'ops@example.test']))

  test('a root, a CA below it, and a certificate from there that verifies', {
    skip: opensslMissing,
  }, async () => {
    const root = await json([
      'ca',
      'create',
      'Lab Root',
      '--organization',
      'Lab',
      '--country',
      'NL',
      '--key',
      'p-384',
    ])
    assert.equal(root.subject, 'CN=Lab Root,O=Lab,C=NL')
    const below = await json(['ca', 'create', 'Lab Issuing', '--parent', String(root.ca_id), '--days', '100'])
    assert.equal(below.parent_id, root.ca_id)
    const out = join(folder, 'lab')
    await json(['issue', 'lab.internal', '--ca', String(below.ca_id), '--out', out])
    await opensslText(['verify', '-CAfile', join(out, 'chain.pem'), join(out, 'cert.pem')])
    const listed = (await json(['ca', 'list'])).cas.map((one: { ca_id: number }) => one.ca_id)
    assert.ok(listed.includes(root.ca_id) && listed.includes(below.ca_id))
    const shown = await json(['ca', 'show', String(below.ca_id)])
    assert.equal(shown.grants.serverKeys, true)
    assert.ok(Date.parse(shown.not_after) > Date.now())
    const renewed = await json(['ca', 'renew', String(below.ca_id)])
    assert.equal(renewed.ca_id, below.ca_id)
    assert.notEqual(renewed.pem, below.pem)
    assert.equal((await json(['ca', 'show', String(below.ca_id)])).certificates.length, 2)
    const successor = await json(['ca', 'renew', String(below.ca_id), '--new-key'])
    assert.equal(successor.succeeds_id, below.ca_id)
  })

  test('grants are changed one by one, and a closed CA issues nothing more', async () => {
    const root = await json(['ca', 'create', 'Closing Root'])
    const made = await json(['ca', 'create', 'Closing', '--parent', String(root.ca_id)])
    const id = String(made.ca_id)
    const out = join(folder, 'closing')
    const changes = [
      'internal-names=corp,lab',
      'server-keys=off',
      'maximum-days=30',
      'private-addresses=none',
    ]
    const changed = await json(['ca', 'set', id, ...changes])
    assert.deepEqual(changed.grants.internalNames, ['corp', 'lab'])
    assert.equal(changed.grants.maximumLifetimeDays, 30)
    assert.ok(!('serverKeys' in changed.grants) && !('privateAddresses' in changed.grants))
    assert.equal(changed.grants.hold, true)
    assert.match(await refusal(['issue', 'x.internal', '--ca', id, '--out', out]), /"x\.internal" is refused/)
    await json(['issue', 'x.corp', '--days', '9', '--ca', id, '--out', out])
    assert.match(await refusal(['ca', 'set', id, 'hold=yes'], 2), /"hold" cannot be "yes"/)
    assert.match(await refusal(['ca', 'set', id, 'sha1=on'], 2), /no grant "sha1"; there are internal-names/)
    assert.equal((await json(['ca', 'close', id])).status, 'closed')
    const after = ['issue', 'x.corp', '--ca', id, '--out', join(folder, 'after')]
    assert.match(await refusal(after), /the CA is closed and signs nothing new/)
    assert.match(await refusal(['ca', 'close', id]), /the CA is closed/)
    const operators = String((await json(['issue', 'own.internal', '--out', join(folder, 'own')])).ca_id)
    assert.match(await refusal(['ca', 'close', operators]), /certificate of this server's listeners/)
  })

  test('a root issues leaves only when that was granted', async () => {
    const root = String((await json(['ca', 'create', 'Leafy Root'])).ca_id)
    const issue = ['issue', 'leaf.internal', '--ca', root, '--out', join(folder, 'leafy')]
    assert.match(await refusal(issue), /CAs may stand below this CA, so it issues no leaves/)
    await json(['ca', 'set', root, 'leaves=on'])
    await json(issue)
  })

  test('what cannot be is refused', async () => {
    assert.match(await refusal(['ca', 'create', 'X', '--country', 'UK']), /"UK" is refused|not valid/)
    assert.match(await refusal(['ca', 'create', 'X', '--parent', '9999']), /there is no such CA/)
    assert.match(await refusal(['ca', 'create', 'X', '--intermediate'], 2), /--intermediate needs --parent/)
    assert.match(await refusal(['ca', 'show', '9999']), /there is no such CA/)
  })
})
