import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { backupKeyOf } from './backup-key.ts'
import { MasterKeyError } from './master-key-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'chancery-backup-key-'))
after(() => rmSync(folder, { recursive: true }))

function keyFile(name: string, digit: string): string {
  const file = join(folder, name)
  writeFileSync(file, `chancery-master-key-1 ${digit.repeat(64)}\n`, { mode: 0o600 })
  return file
}

test('a backup key follows from its master key alone and differs from it', () => {
  const key = backupKeyOf(keyFile('first', '1'))
  assert.equal(key.length, 32)
  assert.deepEqual(backupKeyOf(keyFile('copy', '1')), key)
  assert.notDeepEqual(backupKeyOf(keyFile('other', '2')), key)
  assert.notDeepEqual(Buffer.from(key), Buffer.alloc(32, 0x11))
})

test('without a master key there is no backup key', () => {
  assert.throws(() => backupKeyOf(join(folder, 'absent')), MasterKeyError)
})
