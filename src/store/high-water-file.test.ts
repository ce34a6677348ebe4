import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { openHighWaterFile } from './high-water-file.ts'

test('marks rise, survive, and never fall', (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  const marks = openHighWaterFile(path)
  assert.deepEqual(marks.read(), { crlNumbers: {}, chains: {} })
  marks.raise({ crlNumbers: { '1/0': 10 }, chains: { a: { sequence: 5, hash: 'aa' } } })
  marks.raise({ crlNumbers: { '1/0': 9, '2/0': 1 } })
  marks.raise({ chains: { a: { sequence: 4, hash: 'bb' }, b: { sequence: 1, hash: 'cc' } } })
  assert.deepEqual(openHighWaterFile(path).read(), {
    crlNumbers: { '1/0': 10, '2/0': 1 },
    chains: { a: { sequence: 5, hash: 'aa' }, b: { sequence: 1, hash: 'cc' } },
  })
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(join(path, '..')), ['marks.json'])
})

test('marks that do not rise leave the file as it is', (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  const marks = openHighWaterFile(path)
  marks.raise({ crlNumbers: { '1/0': 10 } })
  const { ino } = statSync(path)
  marks.raise({ crlNumbers: { '1/0': 10 } })
  assert.equal(statSync(path).ino, ino)
})

test('a file that does not hold marks is an error, not an empty list', (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  for (const text of ['', '{', '[]', '{"crlNumbers":{}}', '{"crlNumbers":{"1/0":"9"},"chains":{}}']) {
    writeFileSync(path, text)
    assert.throws(() => openHighWaterFile(path).read(), /does not hold the marks/, text)
  }
})

test('a lock left by a process that died before it wrote its number is passed over in time', (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  writeFileSync(`${path}.lock`, '')
  const longAgo = new Date(Date.now() - 60_000)
  utimesSync(`${path}.lock`, longAgo, longAgo)
  openHighWaterFile(path).raise({ crlNumbers: { '1/0': 1 } })
  assert.deepEqual(openHighWaterFile(path).read().crlNumbers, { '1/0': 1 })
})

test('a lock that names a process that died is passed over at once', async (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  // As if it were to be held for an hour more.
  const later = new Date(Date.now() + 3_600_000)
  for (const holder of [child.pid, process.pid]) {
    writeFileSync(`${path}.lock`, String(holder))
    utimesSync(`${path}.lock`, later, later)
    openHighWaterFile(path).raise({ crlNumbers: { '1/0': holder ?? 0 } })
  }
  assert.deepEqual(readdirSync(join(path, '..')), ['marks.json'])
})

test('three processes that raise marks at once lose none', async (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  const module = new URL('high-water-file.ts', import.meta.url).href
  const script = `
    const { openHighWaterFile } = await import(${JSON.stringify(module)})
    const marks = openHighWaterFile(${JSON.stringify(path)})
    for (let i = 1; i <= 30; i++) marks.raise({ crlNumbers: { [process.argv[1] + '/' + i]: i } })`
  const ends = ['1', '2', '3'].map((name) =>
    once(spawn(process.execPath, ['--input-type=module', '-e', script, name], { stdio: 'inherit' }), 'exit'),
  )
  for (const [status] of await Promise.all(ends)) assert.equal(status, 0)
  const written = JSON.parse(readFileSync(path, 'utf8'))
  assert.equal(Object.keys(written.crlNumbers).length, 90)
})
