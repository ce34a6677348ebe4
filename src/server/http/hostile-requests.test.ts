import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { after, before, describe, test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { FastifyPluginAsync } from 'fastify'
import { pino } from 'pino'
import { readConfiguration } from '../configuration/configuration.ts'
import type { Settings } from '../configuration/settings.ts'
import { createPlainListener, type Listener } from './listener.ts'

const seen: string[] = []
const echo: FastifyPluginAsync = async (scope) => {
  scope.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  scope.post('/echo', async (request) => ({ body: request.body }))
  scope.get('/*', async (request, reply) => {
    seen.push(request.url)
    return reply.send({ url: request.url })
  })
}

const headerTimeoutMs = 1000
const settings = { ...readConfiguration({ data: tmpdir() }, {}), keepAliveMs: 1000 }
const listeners: Listener[] = []
let port: number
/** Of a listener with little patience: whoever is only slowed down by this machine would be refused there, too. */
let hastyPort: number

before(async () => {
  port = await listen(settings)
  hastyPort = await listen({ ...settings, headerTimeoutMs, requestTimeoutMs: 2000 })
})
after(() => Promise.all(listeners.map((listener) => listener.close())))

async function listen(settings: Settings): Promise<number> {
  const listener = createPlainListener({
    settings,
    log: pino({ level: 'silent' }),
    faces: [{ name: 'echo', exposure: 'api', plugin: echo }],
    processes: 1,
  })
  listeners.push(listener)
  await listener.listen({ host: '127.0.0.1', port: 0 })
  return (listener.app.server.address() as AddressInfo).port
}

/** Sends raw bytes and collects what comes back until the other side closes. */
function exchange(bytes: string | Buffer, to = port): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(to, '127.0.0.1')
    let answer = ''
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`the connection was not closed; received: ${answer}`))
    }, 60_000)
    socket.on('data', (data) => {
      answer += data.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(answer)
    })
    socket.write(bytes)
  })
}

const closing = 'Host: h\r\nConnection: close\r\n'
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(answer)?.[1])

describe('bytes that are no request', () => {
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n'
  const cases: readonly (readonly [string, string])[] = [
    [
      'Content-Length with Transfer-Encoding',
      `POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'two different Content-Length',
      `POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n${smuggled}`,
    ],
    ['a bare LF after the request line', `GET /x HTTP/1.1\nHost: h\r\n\r\n${smuggled}`],
    ['a bare LF after a header field', `GET /x HTTP/1.1\r\nHost: h\nX: y\r\n\r\n${smuggled}`],
    ['a bare LF as the empty line', `GET /x HTTP/1.1\r\nHost: h\r\n\n${smuggled}`],
    ['a folded header field', `GET /x HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n${smuggled}`],
    ['a space before the colon', `POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length : 5\r\n\r\n${smuggled}`],
    [
      'a bad chunk size',
      `POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n${smuggled}`,
    ],
    [
      'an unknown transfer coding',
      `POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['a control character in a field', `GET /x HTTP/1.1\r\nHost: h\r\nX: a\u0001b\r\n\r\n${smuggled}`],
    ['no HTTP at all', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000'],
  ]
  for (const [title, bytes] of cases) {
    test(`X6 ${title}: 400 and close, what follows is not served`, async () => {
      seen.length = 0
      const answer = await exchange(bytes)
      assert.equal(statusOf(answer), 400, answer)
      assert.match(answer, /\r\nConnection: close\r\n/i)
      assert.deepEqual(seen, [])
    })
  }
})

test('a request without a host field is 400 and closes', async () => {
  const answer = await exchange('GET /x HTTP/1.1\r\n\r\n')
  assert.equal(statusOf(answer), 400)
  assert.match(answer, /\r\nConnection: close\r\n/i)
})

describe('slow callers', () => {
  test('X1 a header that does not end is answered 408 and closed by the header timeout', async () => {
    const started = performance.now()
    const answer = await exchange('GET /x HTTP/1.1\r\nHost: h\r\nX: ', hastyPort)
    assert.equal(statusOf(answer), 408)
    assert.ok(performance.now() - started >= headerTimeoutMs)
  })

  test('X1 a connection that sends nothing is closed by the header timeout', async () => {
    assert.equal(statusOf(await exchange('', hastyPort)), 408)
  })

  test('X1 a caller that sends one byte now and then is closed by the header timeout, others are served', async () => {
    const text = 'GET /x HTTP/1.1\r\nHost: h\r\nX: '.padEnd(500, 'x')
    const closed = new Promise<void>((resolve) => {
      const socket = connect(hastyPort, '127.0.0.1')
      let index = 0
      const drip = setInterval(() => socket.write(text[index++] ?? 'x'), 50)
      socket.on('error', () => {})
      socket.on('close', () => {
        clearInterval(drip)
        resolve()
      })
    })
    assert.equal(statusOf(await exchange(`GET /quick HTTP/1.1\r\n${closing}\r\n`, hastyPort)), 200)
    await closed
  })

  test('X1 a body that does not arrive is answered 408 and closed by the request timeout', async () => {
    const answer = await exchange(
      'POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nab',
      hastyPort,
    )
    assert.equal(statusOf(answer), 408)
  })
})

describe('bodies', () => {
  const head = 'POST /echo HTTP/1.1\r\nContent-Type: text/plain\r\n'

  test('X2 a body of exactly the limit is taken, one byte more is 413', async () => {
    const at = 'a'.repeat(settings.bodyBytes)
    assert.equal(statusOf(await exchange(`${head}${closing}Content-Length: ${at.length}\r\n\r\n${at}`)), 200)
    assert.equal(
      statusOf(await exchange(`${head}${closing}Content-Length: ${at.length + 1}\r\n\r\n${at}a`)),
      413,
    )
  })

  test('X2 a Content-Length over the limit is 413 before any of the body arrives', async () => {
    const answer = await exchange(`${head}Host: h\r\nContent-Length: 1000000000\r\n\r\n`)
    assert.equal(statusOf(answer), 413)
  })

  test('X2 a client that sends a body over the limit whole finds its answer, and the connection goes on', async () => {
    const body = 'a'.repeat(4 * 1024 * 1024)
    const next = `GET /next HTTP/1.1\r\n${closing}\r\n`
    const answers = await exchange(`${head}Host: h\r\nContent-Length: ${body.length}\r\n\r\n${body}${next}`)
    assert.deepEqual(answers.match(/HTTP\/1\.1 [0-9]{3}/g), ['HTTP/1.1 413', 'HTTP/1.1 200'])
  })

  test('X2 a chunked body over the limit is 413 early and is not collected', async () => {
    const before = process.memoryUsage().rss
    const status = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(
        { port, host: '127.0.0.1', method: 'POST', path: '/echo', headers: { 'content-type': 'text/plain' } },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
      request.on('error', reject)
      const chunk = Buffer.alloc(65_536, 0x61)
      const send = (left: number) => {
        if (left > 0 && !request.destroyed) request.write(chunk, () => setImmediate(send, left - 1))
      }
      send(512)
    })
    assert.equal(status, 413)
    assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024)
  })

  const bomb = Buffer.alloc(8 * 1024 * 1024)
  const codings = [
    ['gzip', gzipSync(bomb)],
    ['deflate', deflateSync(bomb)],
    ['br', brotliCompressSync(bomb)],
    ['GZIP', gzipSync('small')],
    ['gzip, identity', gzipSync('small')],
    ['zstd', Buffer.from('x')],
  ] as const
  for (const [coding, body] of codings) {
    test(`X3 a body in the coding "${coding}" is 415 and is not inflated`, async () => {
      const request = `${head}${closing}Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`
      assert.equal(statusOf(await exchange(Buffer.concat([Buffer.from(request), body]))), 415)
    })
  }

  test('an unknown media type is 415', async () => {
    const answer = await exchange(
      `POST /echo HTTP/1.1\r\n${closing}Content-Type: text/x-unknown\r\nContent-Length: 1\r\n\r\na`,
    )
    assert.equal(statusOf(answer), 415)
  })
})

describe('heads', () => {
  test('a target of exactly the limit is routed, one byte more is 414', async () => {
    const target = `/${'a'.repeat(settings.urlBytes - 1)}`
    assert.equal(statusOf(await exchange(`GET ${target} HTTP/1.1\r\n${closing}\r\n`)), 200)
    assert.equal(statusOf(await exchange(`GET ${target}a HTTP/1.1\r\n${closing}\r\n`)), 414)
  })

  test('100 header fields are taken, 101 are 431', async () => {
    const fields = (count: number) => Array.from({ length: count - 2 }, (_, n) => `X-${n}: v\r\n`).join('')
    assert.equal(statusOf(await exchange(`GET /x HTTP/1.1\r\n${closing}${fields(100)}\r\n`)), 200)
    assert.equal(statusOf(await exchange(`GET /x HTTP/1.1\r\n${closing}${fields(101)}\r\n`)), 431)
  })

  test('header fields over 16 KiB together are 431, also when the target is short', async () => {
    const field = (bytes: number) => `X: ${'a'.repeat(bytes)}\r\n`
    assert.equal(statusOf(await exchange(`GET /x HTTP/1.1\r\n${closing}${field(16_000)}\r\n`)), 200)
    assert.equal(statusOf(await exchange(`GET /x HTTP/1.1\r\n${closing}${field(16_384)}\r\n`)), 431)
    assert.equal(statusOf(await exchange(`GET /x HTTP/1.1\r\n${closing}${field(1_000_000)}\r\n`)), 431)
  })

  test('an answer names the request and tells browsers to guess nothing', async () => {
    const answer = await exchange(`GET /x HTTP/1.1\r\n${closing}X-Request-Id: chosen-by-caller\r\n\r\n`)
    assert.match(answer, /\r\nx-request-id: [A-Za-z0-9_-]{8}-[0-9a-z]+\r\n/)
    assert.match(answer, /\r\nx-content-type-options: nosniff\r\n/)
    assert.doesNotMatch(answer, /chosen-by-caller/)
  })

  test('repeated slashes are one before routing', async () => {
    seen.length = 0
    await exchange(`GET //a///b//?q=//c HTTP/1.1\r\n${closing}\r\n`)
    assert.deepEqual(seen, ['/a/b/?q=//c'])
  })
})
