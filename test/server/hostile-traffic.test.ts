import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { after, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { exchangeRaw, httpRequest } from '../support/http.ts'
import { startServer } from '../support/process.ts'

const loops = 2
const slowCallers = 2000

const server = await startServer({ after }, { processes: loops })

describe('hostile traffic at the program', () => {
  test('X1 2,000 connections that send one byte a second are closed by the header timeout, others are answered', async () => {
    const port = server.ports.http
    const quick = async () => {
      const started = performance.now()
      assert.equal((await httpRequest(`${server.http}/healthz`)).status, 200)
      return performance.now() - started
    }
    const head = Buffer.from('GET /healthz HTTP/1.1\r\nHost: h\r\nX-Slow: '.padEnd(400, 'x'))
    const sockets: Socket[] = []
    let closed = 0
    for (let count = 0; count < slowCallers; count++) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.on('close', () => closed++)
      sockets.push(socket)
    }
    let sent = 0
    const drip = setInterval(() => {
      const byte = head.subarray(sent, ++sent)
      for (const socket of sockets) if (socket.writable) socket.write(byte)
    }, 1000)
    const times: number[] = []
    const started = performance.now()
    try {
      while (closed < slowCallers && performance.now() - started < 60_000) {
        times.push(await quick())
        await delay(100)
      }
    } finally {
      clearInterval(drip)
      for (const socket of sockets) socket.destroy()
    }
    assert.equal(closed, slowCallers, 'the server closed every one')
    times.sort((left, right) => left - right)
    const median = times[Math.floor(times.length / 2)] ?? 0
    assert.ok(median < 250, `median latency of other callers ${median} ms`)
  })

  test('X2 a body over the limit is 413 with and without Content-Length, and memory stays flat', async () => {
    const memory = () =>
      (server.ready.processIds as readonly number[]).reduce((sum, pid) => sum + residentBytes(pid), 0)
    const large = 'a'.repeat(1024 * 1024)
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`
    await httpRequest(`${server.http}/api/v1/connect`, { body: 'a=b' })
    const before = memory()
    for (let round = 0; round < 20; round++) {
      const announced = `POST /api/v1/connect HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: ${large.length}\r\n\r\n`
      assert.match((await exchangeRaw(server.http, announced)).answer, /^HTTP\/1\.1 413 /)
      const chunked = `POST /api/v1/connect HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(16)}`
      assert.match((await exchangeRaw(server.http, chunked)).answer, /^HTTP\/1\.1 413 /)
    }
    const grown = (memory() - before) / 1024 / 1024
    assert.ok(grown < 80, `grown by ${grown} MiB`)
  })

  test('X3 a gzip body is 415 at every face', async () => {
    const body = gzipSync(Buffer.alloc(1024 * 1024))
    for (const path of ['/api/v1/connect', '/ocsp/2']) {
      const answer = await httpRequest(`${server.http}${path}`, {
        body,
        headers: { 'content-encoding': 'gzip' },
      })
      assert.equal(answer.status, 415, path)
    }
  })

  test('X6 ambiguous framing is 400 and closes the connection', async () => {
    const ambiguous = [
      'POST /api/v1/connect HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'GET /healthz HTTP/1.1\r\nHost: h\n\r\n',
      'GET /healthz HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n',
    ]
    for (const bytes of ambiguous) {
      const { answer, closed } = await exchangeRaw(server.http, bytes)
      assert.match(answer, /^HTTP\/1\.1 400 /)
      assert.ok(closed)
    }
  })

  test('nothing of it was an error of ours', () => {
    assert.doesNotMatch(server.output(), /"level":"(error|fatal)"/)
  })
})

/** Linux only; elsewhere memory counts as flat. */
function residentBytes(pid: number): number {
  if (process.platform !== 'linux') return 0
  const [, kibibytes = '0'] = /VmRSS:\s+([0-9]+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}
