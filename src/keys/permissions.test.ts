import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { checkPrivate, PermissionError } from './permissions.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }

test('S15 a folder or file that group or others can reach is refused with the command that closes it', (context) => {
  const folder = temporaryFolder(context, 'permissions')
  const file = join(folder, 'master.key')
  writeFileSync(file, 'x')
  for (const [path, mode, closed] of [
    [file, 0o640, 0o600],
    [file, 0o604, 0o600],
    [file, 0o620, 0o600],
    [file, 0o602, 0o600],
    [folder, 0o750, 0o700],
    [folder, 0o701, 0o700],
  ] as const) {
    chmodSync(path, mode)
    assert.throws(
      () => checkPrivate(path, 'refuse', silent),
      (error) =>
        error instanceof PermissionError &&
        error.path === path &&
        error.message.includes(`mode 0${mode.toString(8)}`) &&
        error.message.includes(`chmod ${closed.toString(8)} "${path}"`),
    )
    chmodSync(path, closed)
    checkPrivate(path, 'refuse', silent)
  }
})

test('S15 under the setting to warn, the start goes on and the log says it', (context) => {
  const folder = temporaryFolder(context, 'permissions')
  chmodSync(folder, 0o755)
  const warnings: unknown[] = []
  checkPrivate(folder, 'warn', { ...silent, warn: (facts, message) => warnings.push([facts, message]) })
  assert.equal(warnings.length, 1)
  assert.match(JSON.stringify(warnings), /open to other users/)
})
