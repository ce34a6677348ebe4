import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { chancery } from '../support/process.ts'
import { commandLine } from './command-line.ts'

const { data, folder, json, refusal, run } = commandLine({ after })

describe('keeping the store', () => {
  before(() => json(['account', 'create', '--email', 'ops@example.test']))

  test('the master key is exchanged and everything still opens', async () => {
    const before = readFileSync(join(data, 'master.key'))
    const rotated = await json(['master-key', 'rotate'])
    assert.notEqual(rotated.from, rotated.to)
    assert.notDeepEqual(readFileSync(join(data, 'master.key')), before)
    await json(['issue', 'rotated.internal', '--out', join(folder, 'rotated')])
  })

  test('S9 a backup restores into an empty place with everything acknowledged before it', async () => {
    const file = join(folder, 'backup')
    const { certificates } = await json(['cert', 'list', '--limit', '1000'])
    await json(['backup', file])
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const restored = join(folder, 'restored')
    mkdirSync(restored, { mode: 0o700 })
    const restore = ['restore', file, '--json', '--data', restored]
    assert.match(
      (await chancery(restore)).stderr,
      /there is no master key in ".*": put the key that belongs to the backup there/,
    )
    const open = join(folder, 'open')
    mkdirSync(open)
    chmodSync(open, 0o755)
    await copyFile(join(data, 'master.key'), join(open, 'master.key'))
    const elsewhere = await chancery([...restore, '--master-key-file', join(open, 'master.key')])
    assert.match(elsewhere.stderr, /is open to other users: run chmod 700/)
    await copyFile(join(data, 'master.key'), join(restored, 'master.key'))
    assert.match((await chancery([...restore, '--sandbox'])).stderr, /sandbox/)
    assert.deepEqual(readdirSync(restored), ['master.key'], 'a restore that failed leaves nothing behind')
    const done = await chancery(restore)
    assert.equal(done.status, 0, done.stderr)
    const listed = await chancery(['cert', 'list', '--limit', '1000', '--json', '--data', restored])
    assert.deepEqual(JSON.parse(listed.stdout).certificates, certificates)
    assert.equal((await chancery(['audit', 'verify', '--data', restored])).status, 0)
    assert.match((await chancery(restore)).stderr, /restore into an empty place/)
    assert.match(await refusal(['backup', file]), /exists: name a new file/)
  })

  test('a store put back from an older copy refuses to sign until that is confirmed', async () => {
    const other = join(folder, 'put-back')
    const at = (...args: string[]) => chancery([...args, '--data', other])
    assert.equal((await at('account', 'create', '--email', 'r@example.test')).status, 0)
    await copyFile(join(other, 'chancery.db'), join(folder, 'older.db'))
    const marks = join(other, 'high-water.json')
    writeFileSync(marks, JSON.stringify({ crlNumbers: { '2/0': Date.now() }, chains: {} }), { mode: 0o600 })
    const out = join(folder, 'put-back-out')
    const refused = await at('issue', 'x.internal', '--out', out)
    assert.equal(refused.status, 1)
    assert.match(refused.stderr, /older than what was published from it.*"chancery recover --confirm"/)
    const looked = await at('recover', '--json')
    assert.equal(JSON.parse(looked.stdout).confirmed, false)
    assert.equal(JSON.parse(looked.stdout).findings[0].mark, 'crl 2/0')
    assert.equal(JSON.parse((await at('recover', '--confirm', '--json')).stdout).confirmed, true)
    const issued = await at('issue', 'x.internal', '--out', out)
    assert.equal(issued.status, 0, issued.stderr)
  })

  test('S12 audit verify names the first link that was changed', async () => {
    assert.equal((await json(['audit', 'verify'])).intact, true)
    const database = new DatabaseSync(join(data, 'chancery.db'))
    const [table] = database
      .prepare(
        "select name from sqlite_master where type = 'table' and sql like '%body%' and name like '%event%'",
      )
      .all() as { name: string }[]
    assert.ok(table !== undefined)
    const changed = database
      .prepare(
        `update ${table.name} set body = replace(body, 'account.created', 'account.changed') where body like '%account.created%'`,
      )
      .run()
    database.close()
    assert.ok(Number(changed.changes) > 0)
    const { status, stdout, stderr } = await run(['audit', 'verify', '--json'])
    assert.equal(status, 1)
    assert.equal(JSON.parse(stdout).intact, false)
    assert.match(stderr, /^chancery: the audit log was tampered with: event [0-9]+ of chain .* was changed/m)
  })
})
