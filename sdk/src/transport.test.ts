import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { fetchTransport, NotSentError } from './transport.ts'

const signal = AbortSignal.timeout(600_000)

async function listen(context: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function closedPort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

const get = (url: string) => fetchTransport()({ method: 'GET', url, headers: { 'x-api-key': 'k' }, signal })

test('a connection that cannot be made is told from one that broke', async (context) => {
  const url = await listen(context, ({ socket }) => socket.resetAndDestroy())
  await assert.rejects(get(url), (error: unknown) => !(error instanceof NotSentError))
  for (const unreachable of [await closedPort(), 'http://no-such-host.invalid']) {
    await assert.rejects(get(unreachable), NotSentError, unreachable)
  }
})

test('a body that breaks off is an error of the connection', async (context) => {
  const url = await listen(context, (_, response) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('12345', () => response.socket?.resetAndDestroy())
  })
  // The reset may overtake the headers.
  await assert.rejects(async () => (await get(url)).text())
})

test('a redirect does not take the key elsewhere', async (context) => {
  let visits = 0
  const elsewhere = await listen(context, (_, response) => {
    visits++
    response.end()
  })
  const url = await listen(context, (_, response) => response.writeHead(307, { location: elsewhere }).end())
  assert.equal((await get(url)).status, 307)
  assert.equal(visits, 0)
})

test('method, headers and body arrive, status, headers and body come back', async (context) => {
  const url = await listen(context, (request, response) => {
    request.setEncoding('utf8').on('data', (body) => {
      response.writeHead(201, { 'retry-after': '7' })
      response.end(`${request.method} ${request.url} ${request.headers['x-api-key']} ${body}`)
    })
  })
  const response = await fetchTransport()({
    method: 'PUT',
    url: `${url}/a?b=c`,
    headers: { 'x-api-key': 'k' },
    body: 'ü',
    signal,
  })
  assert.deepEqual([response.status, response.header('retry-after'), response.header('x')], [201, '7', null])
  assert.equal(await response.text(), 'PUT /a?b=c k ü')
})
