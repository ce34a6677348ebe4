import assert from 'node:assert/strict'
import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { test } from 'node:test'
import { chancery, startServer } from '../support/process.ts'
import { lastFirst } from '../support/stores.ts'

test('callers of the DigiCert APIs who expect 100 get it before they send, or a refusal instead', async (context) => {
  const server = await startServer(lastFirst(context))
  const made = await chancery([
    'account',
    'create',
    '--email',
    'ada@harbour.example',
    '--name',
    'Harbour',
    '--json',
    '--data',
    server.dataFolder,
  ])
  assert.equal(made.status, 0, made.stderr)
  const { api_key: key } = JSON.parse(made.stdout)

  const seat = JSON.stringify({ seat_id: 'pump-07' })
  const created = await sendAfter100(`${server.http}/mpki/api/v1/seat`, { 'x-api-key': key }, seat)
  assert.deepEqual(created, { interim: 1, status: 201, connection: 'keep-alive' })
  const stranger = await sendAfter100(`${server.http}/mpki/api/v1/seat`, { 'x-api-key': 'none' }, seat)
  assert.deepEqual([stranger.interim, stranger.status], [0, 401])

  const empty = await sendAfter100(`${server.http}/services/v2/organization`, { 'x-dc-devkey': key }, '{}')
  assert.deepEqual(empty, { interim: 1, status: 400, connection: 'keep-alive' })
  const keyless = await sendAfter100(`${server.http}/services/v2/organization`, {}, '{}')
  assert.deepEqual([keyless.interim, keyless.status], [0, 403])
})

/** Posts a body no sooner than a 100 asks for it. */
function sendAfter100(
  url: string,
  headers: OutgoingHttpHeaders,
  body: string,
): Promise<{ interim: number; status: number | undefined; connection: string | undefined }> {
  return new Promise((resolve, reject) => {
    let interim = 0
    const request = httpRequest(url, {
      method: 'POST',
      headers: {
        ...headers,
        expect: '100-continue',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        connection: 'keep-alive',
      },
      agent: false,
    })
    const timer = setTimeout(() => request.destroy(new Error('neither 100 nor an answer')), 120_000)
    request.on('close', () => clearTimeout(timer))
    request.on('error', reject)
    request.on('continue', () => {
      interim++
      request.end(body)
    })
    request.on('response', (response) => {
      resolve({ interim, status: response.statusCode, connection: response.headers.connection })
      response.resume()
      request.destroy()
    })
    request.flushHeaders()
  })
}
