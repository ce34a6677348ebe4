import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { keyIdText } from './envelope.ts'
import { MasterKeyError, MasterKeyFile } from './master-key-file.ts'

function newFile(context: TestContext): MasterKeyFile {
  return new MasterKeyFile(join(temporaryFolder(context, 'master-key'), 'master.key'))
}

function pendingKey(file: MasterKeyFile): string {
  return keyIdText(file.writePending(randomBytes(32)).id)
}

test('a new key is pending in a file of mode 0600 until it is established', (context) => {
  const file = newFile(context)
  const id = pendingKey(file)
  assert.equal(file.read(), undefined)
  assert.deepEqual(file.pendingIds(), [id])
  assert.equal(statSync(`${file.path}.next-${id}`).mode & 0o777, 0o600)
  assert.equal(file.establish(id), true)
  assert.deepEqual(file.pendingIds(), [])
  assert.equal(statSync(file.path).mode & 0o777, 0o600)
  assert.equal(keyIdText(file.read()?.id ?? new Uint8Array()), id)
})

test('the second of two keys established at once is dropped', (context) => {
  const file = newFile(context)
  const [first, second] = [pendingKey(file), pendingKey(file)]
  assert.equal(file.establish(first), true)
  assert.equal(file.establish(second), false)
  assert.equal(keyIdText(file.read()?.id ?? new Uint8Array()), first)
  assert.deepEqual(file.pendingIds(), [])
})

test('a key is found by its id in the file in use and in a pending one', (context) => {
  const file = newFile(context)
  const [current, next] = [pendingKey(file), pendingKey(file)]
  file.establish(current)
  assert.equal(keyIdText(file.find(current)?.id ?? new Uint8Array()), current)
  assert.equal(keyIdText(file.find(next)?.id ?? new Uint8Array()), next)
  assert.equal(file.find('0'.repeat(32)), undefined)
})

test('a promoted key takes the place of the present one, and promoting it again changes nothing', (context) => {
  const file = newFile(context)
  const [current, next] = [pendingKey(file), pendingKey(file)]
  file.establish(current)
  file.promote(next)
  file.promote(next)
  assert.equal(keyIdText(file.read()?.id ?? new Uint8Array()), next)
  assert.throws(() => file.promote(current), /ENOENT/)
  assert.deepEqual(readdirSync(join(file.path, '..')), ['master.key'])
})

test('a discarded key is gone, and discarding it again changes nothing', (context) => {
  const file = newFile(context)
  const id = pendingKey(file)
  file.discard(id)
  file.discard(id)
  assert.equal(existsSync(`${file.path}.next-${id}`), false)
})

test('a pending file under a name that is not its key is not taken for that key', (context) => {
  const file = newFile(context)
  const id = pendingKey(file)
  const wrong = 'f'.repeat(32)
  writeFileSync(`${file.path}.next-${wrong}`, readFileSync(`${file.path}.next-${id}`), { mode: 0o600 })
  assert.equal(file.find(wrong), undefined)
})

test('a file of any other form is refused, and its contents are not repeated', (context) => {
  const file = newFile(context)
  const good = `chancery-master-key-1 ${'5c'.repeat(32)}`
  writeFileSync(file.path, good)
  assert.ok(file.read())
  writeFileSync(file.path, `${good}\n`)
  assert.ok(file.read())
  const digits = '5c'.repeat(32)
  for (const text of [
    '',
    good.slice(0, -1),
    `${good}5`,
    `${good}\n\n`,
    `${good} `,
    good.replace('-1', '-2'),
    good.replace('5c5c', '5C5C'),
    good.replace('5c5c', '5g5c'),
    digits,
  ]) {
    writeFileSync(file.path, text)
    assert.throws(
      () => file.read(),
      (error) => error instanceof MasterKeyError && !error.message.includes('5c5c'),
      JSON.stringify(text),
    )
  }
})
