import assert from 'node:assert/strict'
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { openInstallation, silentLog, tamper } from '../../test/support/installation.ts'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { MasterKeyError } from './master-key-file.ts'
import { PermissionError } from './permissions.ts'

test('the first start makes a master key of mode 0600 that later starts open', async (context) => {
  const folder = temporaryFolder(context, 'sealer')
  const first = await openInstallation({ folder })
  const { masterKeyId, masterKeyFile } = { ...first, masterKeyId: first.sealer.masterKeyId }
  const record = { subject: 'record', purpose: 'test' }
  const mac = first.sealer.integrity(record, ['field'])
  await first.close()
  assert.equal(statSync(masterKeyFile).mode & 0o777, 0o600)
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('master.key')),
    ['master.key'],
  )
  const second = await openInstallation({ folder })
  context.after(() => second.close())
  assert.equal(second.sealer.masterKeyId, masterKeyId)
  assert.deepEqual(second.sealer.integrity(record, ['field']), mac)
})

test('several processes that start at once on a new folder end with one master key', async (context) => {
  const folder = temporaryFolder(context, 'sealer')
  const all = await Promise.all([1, 2, 3, 4].map(() => openInstallation({ folder })))
  context.after(() => Promise.all(all.map((installation) => installation.close())))
  assert.equal(new Set(all.map(({ sealer }) => sealer.masterKeyId)).size, 1)
  const [one, two] = all
  const record = { subject: 'record', purpose: 'test' }
  assert.deepEqual(one?.sealer.integrity(record, []), two?.sealer.integrity(record, []))
})

test('a key file that an operator brought is used for a new store', async (context) => {
  const folder = temporaryFolder(context, 'sealer')
  const line = `chancery-master-key-1 ${'5c'.repeat(32)}\n`
  writeFileSync(join(folder, 'master.key'), line, { mode: 0o600 })
  const installation = await openInstallation({ folder })
  context.after(() => installation.close())
  assert.equal(readFileSync(join(folder, 'master.key'), 'utf8'), line)
})

test('an initialised store without its key, or with another, is refused and says which key it needs', async (context) => {
  const folder = temporaryFolder(context, 'sealer')
  const installation = await openInstallation({ folder })
  const { masterKeyId } = installation.sealer
  await installation.close()
  rmSync(join(folder, 'master.key'))
  const refused = (present: RegExp) =>
    assert.rejects(
      openInstallation({ folder }),
      (error) =>
        error instanceof MasterKeyError && error.message.includes(masterKeyId) && present.test(error.message),
    )
  await refused(/there is no such file/)
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('master.key')),
    [],
  )
  writeFileSync(join(folder, 'master.key'), `chancery-master-key-1 ${'5c'.repeat(32)}\n`, { mode: 0o600 })
  await refused(/the file holds key [0-9a-f]{32}/)
})

test('S15 a key file or folder open to other users is refused at the start', async (context) => {
  const folder = temporaryFolder(context, 'sealer')
  await (await openInstallation({ folder })).close()
  for (const [path, open, closed] of [
    [join(folder, 'master.key'), 0o644, 0o600],
    [folder, 0o755, 0o700],
  ] as const) {
    chmodSync(path, open)
    await assert.rejects(openInstallation({ folder }), PermissionError)
    chmodSync(path, closed)
  }
  await (await openInstallation({ folder })).close()
})

test('an integrity key that was changed in the store is refused at the start', async (context) => {
  const folder = temporaryFolder(context, 'sealer')
  const installation = await openInstallation({ folder })
  tamper(installation, `update setting set value = 'AAAA' where name = 'integrity-key'`)
  await installation.close()
  await assert.rejects(openInstallation({ folder }), MasterKeyError)
  tamper(installation, `delete from setting where name = 'integrity-key'`)
  await assert.rejects(openInstallation({ folder }), MasterKeyError)
})

test('a pending key of a rotation that may be running is left alone, one of a dead rotation goes', async (context) => {
  const folder = temporaryFolder(context, 'sealer')
  const installation = await openInstallation({ folder })
  context.after(() => installation.close())
  const { clock } = installation
  await installation.store.write((transaction) =>
    transaction.runtime.takeLease('master-key', 'a rotation', clock.now(), clock.now() + 60_000),
  )
  const next = installation.sealer.prepare()
  const pending = () => readdirSync(folder).filter((name) => name.includes(next.id))
  await (await openInstallation({ folder })).close()
  assert.equal(pending().length, 1)
  const messages: string[] = []
  const log = { ...silentLog, info: (_: object, message: string) => messages.push(message) }
  const later = await openInstallation({ folder, log, startAt: clock.now() + 60_001 })
  await later.close()
  assert.equal(pending().length, 0)
  assert.ok(messages.some((message) => /undone/.test(message)))
})
