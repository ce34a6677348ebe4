import assert from 'node:assert/strict'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { after, before, test } from 'node:test'
import type { FastifyPluginAsync } from 'fastify'
import { pino } from 'pino'
import { refuseUnreadable } from '../../faces/one/unreadable.ts'
import { readConfiguration } from '../configuration/configuration.ts'
import type { Settings } from '../configuration/settings.ts'
import { createPlainListener, type Listener } from './listener.ts'

const lines: string[] = []
const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
const settings = readConfiguration({ data: tmpdir() }, {})
const plugin: FastifyPluginAsync = async (scope) => {
  scope.post('/mpki/api/v1/seat', async () => ({}))
}

const listeners: Listener[] = []
let port: number
/** Of a listener with little patience: whoever is only slowed down by this machine would be refused there, too. */
let hastyPort: number

before(async () => {
  port = await listen(settings)
  hastyPort = await listen({ ...settings, headerTimeoutMs: 1000, requestTimeoutMs: 2000 })
})
after(() => Promise.all(listeners.map((listener) => listener.close())))

async function listen(settings: Settings): Promise<number> {
  const listener = createPlainListener({
    settings,
    log,
    faces: [
      {
        name: 'one',
        exposure: 'api',
        plugin,
        refuseUnreadable: (...given) => refuseUnreadable({ errorShape: 'list' }, ...given),
      },
      {
        name: 'other',
        exposure: 'api',
        plugin: async () => {},
        refuseUnreadable: (status, path) =>
          path?.startsWith('/other/') === true
            ? { contentType: 'text/plain', body: `refusé ${status}` }
            : undefined,
      },
    ],
    processes: 1,
  })
  listeners.push(listener)
  await listener.listen({ host: '127.0.0.1', port: 0 })
  return (listener.app.server.address() as AddressInfo).port
}

interface Exchanged {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends octets, piece by piece, and reads what comes back until the other side closes. */
function exchange(pieces: readonly string[], to = port): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const socket = connect(to, '127.0.0.1')
    const chunks: Buffer[] = []
    const timer = setTimeout(() => reject(new Error('the connection was not closed')), 60_000)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n', 2)
      const [line = '', ...fields] = head.split('\r\n')
      resolve({
        status: Number(line.split(' ')[1]),
        headers: Object.fromEntries(
          fields.map((field) => {
            const [name = '', value = ''] = field.split(': ', 2)
            return [name.toLowerCase(), value]
          }),
        ),
        body,
      })
    })
    const send = ([first, ...others]: readonly string[]): void => {
      if (first === undefined) return
      socket.write(first)
      if (others.length > 0) setTimeout(() => send(others), 50)
    }
    send(pieces)
  })
}

const overflow = `X: ${'a'.repeat(30_000)}\r\n\r\n`
const cases: readonly (readonly [
  title: string,
  pieces: readonly string[],
  status: number,
  message: RegExp,
])[] = [
  [
    'a head that is too large',
    [`GET /mpki/api/v1/hello HTTP/1.1\r\nHost: h\r\n${overflow}`],
    431,
    /too long/,
  ],
  [
    'a head that is too large, behind its request line',
    ['GET /account/api/v1/user HTTP/1.1\r\n', overflow],
    431,
    /too long/,
  ],
  ['a request line that is none', ['GET /mpki/api/v1/hello HTTPS/1.1\r\n\r\n'], 400, /no HTTP\/1\.1 request/],
  [
    'two lengths',
    ['POST /mpki/api/v1/seat HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    400,
    /no HTTP/,
  ],
  ['no HTTP at all', ['\u0016\u0003\u0001\u0002'], 400, /no HTTP/],
  ['a head that does not end', ['GET /mpki/api/v1/hello HTTP/1.1\r\nHost: h\r\nX: '], 408, /in time/],
  [
    'a body that does not arrive',
    [
      'POST /mpki/api/v1/seat HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ],
    408,
    /in time/,
  ],
  [
    'a chunk extension without end',
    [
      `POST /mpki/api/v1/seat HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}`,
    ],
    413,
    /larger/,
  ],
]
for (const [title, pieces, status, message] of cases) {
  test(`X6 (ONE) ${title} is ${status} with errors in JSON, a request id that the log has, and the end of the connection`, async () => {
    lines.length = 0
    const answer = await exchange(pieces, status === 408 ? hastyPort : port)
    assert.equal(answer.status, status)
    assert.equal(answer.headers['content-type'], 'application/json')
    assert.equal(answer.headers.connection, 'close')
    assert.equal(answer.headers['content-length'], String(Buffer.byteLength(answer.body)))
    const body = JSON.parse(answer.body)
    assert.match(body.message, message)
    assert.deepEqual(body, {
      errors: [{ code: body.code, message: body.message }],
      code: status === 413 ? 'request_too_large' : 'invalid_request',
      message: body.message,
      request_id: answer.headers['x-request-id'] ?? '',
    })
    assert.match(body.request_id, /^[A-Za-z0-9_-]{8}-[0-9a-z]+$/)
    assert.ok(lines.some((line) => line.includes(`"requestId":"${body.request_id}"`)))
    assert.deepEqual(
      lines.filter((line) => JSON.parse(line).level > 30 || 'err' in JSON.parse(line)),
      [],
      'nothing is logged as an error',
    )
  })
}

test('the face whose path the request line has says it in its own form', async () => {
  const of = (path: string) => exchange([`GET ${path} HTTP/1.1\r\nHost: h\r\n${overflow}`])
  const numeric = JSON.parse((await of('/certificate-authority/api/v1/ca')).body)
  assert.deepEqual([numeric.code, numeric.errors[0].code], [431, 'invalid_request'])
  const other = await of('//other//x?y=z')
  assert.deepEqual([other.headers['content-type'], other.body], ['text/plain', 'refusé 431'])
  const nobody = JSON.parse((await of('/mpki/apium')).body)
  assert.deepEqual([nobody.error, typeof nobody.request_id], ['headers_too_large', 'string'])
})

test('a request without a host is refused with a body, and closed; HTTP/1.0 needs none', async () => {
  const answer = await exchange(['GET /x HTTP/1.1\r\n\r\n'])
  assert.deepEqual([answer.status, answer.headers.connection], [400, 'close'])
  assert.equal(JSON.parse(answer.body).error, 'bad_request')
  assert.equal((await exchange(['GET /x HTTP/1.0\r\n\r\n'])).status, 404)
})

test('an expectation that nobody knows is passed over', async () => {
  const answer = await exchange([
    'GET /x HTTP/1.1\r\nHost: h\r\nExpect: wonders\r\nConnection: close\r\n\r\n',
  ])
  assert.deepEqual([answer.status, JSON.parse(answer.body).error], [404, 'not_found'])
})
