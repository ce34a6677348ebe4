import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'

test('a quick run of the benchmark prints every row or names what is absent', async () => {
  const main = join(import.meta.dirname, '../bench/main.ts')
  const child = spawn(process.execPath, [main, '--quick'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [output, errors] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  const [status] = await once(child, 'close')
  assert.equal(status, 0, errors)
  for (const row of rows) {
    assert.ok(output.includes(`\n| ${row}`) || output.includes(`Not measured: ${row}`), `${row}\n${output}`)
  }
})

/** What does not depend on a load generator or a peer, and the first row of what does. */
const rows = [
  'processor',
  'fsync',
  'engine, SQLite, 1 process',
  'engine, SQLite, 2 processes',
  'engine, PostgreSQL, 1 process',
  'cfssl serve',
  'key made here, p-256, 1 process',
  'key made here, rsa-2048, 2 processes',
  'POST /mpki/api/v1/certificate',
  'another key is quiet',
  'that burst : quiet',
  'another key calls 1000 times at once, over 20 connections',
  'cert/new',
  'OCSP answers',
  'none revoked before',
  'the first',
  'issueCertificate, SQLite',
  'placeOrder, PostgreSQL',
  'POST of an order, SQLite',
  'SQLite, 2,000 orders',
  'PostgreSQL, 2,000 orders',
  'common name among issued',
]
