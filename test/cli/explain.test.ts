import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chancery } from '../support/process.ts'

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
})
