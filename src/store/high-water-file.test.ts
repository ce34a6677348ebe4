import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { openHighWaterFile } from './high-water-file.ts'

test('marks rise, survive, and never fall', async (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  const marks = openHighWaterFile(path)
  assert.deepEqual(await marks.read(), { crlNumbers: {}, chains: {} })
  await marks.raise({ crlNumbers: { '1/0': 10 }, chains: { a: { sequence: 5, hash: 'aa' } } })
  await marks.raise({ crlNumbers: { '1/0': 9, '2/0': 1 } })
  await marks.raise({ chains: { a: { sequence: 4, hash: 'bb' }, b: { sequence: 1, hash: 'cc' } } })
  assert.deepEqual(await openHighWaterFile(path).read(), {
    crlNumbers: { '1/0': 10, '2/0': 1 },
    chains: { a: { sequence: 5, hash: 'aa' }, b: { sequence: 1, hash: 'cc' } },
  })
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.equal(statSync(`${path}.lock`).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(join(path, '..')).sort(), ['marks.json', 'marks.json.lock'])
})

test('a mark that others vouch for is dropped with their rise, but not when it has risen since', async (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  const marks = openHighWaterFile(path)
  const [a, b] = [
    { sequence: 5, hash: 'aa' },
    { sequence: 7, hash: 'bb' },
  ]
  await marks.raise({ chains: { a, b } })
  const c = { sequence: 1, hash: 'cc' }
  await marks.raise({ chains: { c } }, { a, b: { sequence: 6, hash: 'b6' }, unknown: c })
  assert.deepEqual((await marks.read()).chains, { b, c })
})

test('marks that do not rise leave the file as it is', async (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  const marks = openHighWaterFile(path)
  await marks.raise({ crlNumbers: { '1/0': 10 } })
  const { ino } = statSync(path)
  await marks.raise({ crlNumbers: { '1/0': 10 } })
  assert.equal(statSync(path).ino, ino)
})

test('a file that does not hold marks is an error, not an empty list', async (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  for (const text of ['', '{', '[]', '{"crlNumbers":{}}', '{"crlNumbers":{"1/0":"9"},"chains":{}}']) {
    writeFileSync(path, text)
    await assert.rejects(openHighWaterFile(path).read(), /does not hold the marks/, text)
  }
})

test('callers that raise marks at once within a process lose none', async (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  const [one, other] = [openHighWaterFile(path), openHighWaterFile(path)]
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      (n % 2 === 0 ? one : other).raise({ crlNumbers: { [`${n}/0`]: 1 } }),
    ),
  )
  assert.equal(Object.keys((await one.read()).crlNumbers).length, 20)
})

test('three processes that raise marks at once lose none', async (t) => {
  const path = join(temporaryFolder(t), 'marks.json')
  const module = new URL('high-water-file.ts', import.meta.url).href
  const script = `
    const { openHighWaterFile } = await import(${JSON.stringify(module)})
    const marks = openHighWaterFile(${JSON.stringify(path)})
    for (let i = 1; i <= 30; i++) await marks.raise({ crlNumbers: { [process.argv[1] + '/' + i]: i } })`
  const ends = ['1', '2', '3'].map((name) =>
    once(spawn(process.execPath, ['--input-type=module', '-e', script, name], { stdio: 'inherit' }), 'exit'),
  )
  for (const [status] of await Promise.all(ends)) assert.equal(status, 0)
  const written = JSON.parse(readFileSync(path, 'utf8'))
  assert.equal(Object.keys(written.crlNumbers).length, 90)
})
