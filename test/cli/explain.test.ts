import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { chancery } from '../support/process.ts'

const program = join(import.meta.dirname, '../../src/main.ts')

describe('explain', () => {
  test('explains a code in either language, whatever its letter case', async () => {
    const { stdout, status } = await chancery(['explain', 'ratelimitexceeded'])
    assert.equal(status, 0)
    assert.match(stdout, /^RateLimitExceeded \(TinyCert API v1, HTTP 429\)/)
    assert.match((await chancery(['explain', 'NotFound', '--lang', 'ja'])).stdout, /原因/)
    const explained = JSON.parse(
      (await chancery(['explain', 'NotFound', '--face', 'tinycert', '--json'])).stdout,
    )
    assert.equal(explained.explanations[0].http_status, 404)
  })

  test('names the codes there are for one that is not', async () => {
    const { status, stderr } = await chancery(['explain', 'Nonsense'])
    assert.equal(status, 1)
    assert.match(stderr, /"Nonsense" is no error code here.*\n(?:.*\n)*tinycert: AccessDenied/)
  })

  test('ends in order when nobody reads its output any more', async () => {
    const command = spawn(process.execPath, [program, 'explain', 'NotFound'], { stdio: 'pipe' })
    command.stdout.destroy()
    const [stderr, [status]] = await Promise.all([text(command.stderr), once(command, 'exit')])
    assert.deepEqual([status, stderr], [0, ''])
  })
})
