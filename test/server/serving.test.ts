import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { httpRequest } from '../support/http.ts'
import { chancery, logLine, type RunningServer, startServer } from '../support/process.ts'

const messagesOf = (server: RunningServer) =>
  server
    .output()
    .split('\n')
    .map((line) => String(logLine(line)?.msg))
const loopsOf = (server: RunningServer) => server.ready.processIds as readonly number[]

async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  patienceMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await condition())) {
    if (performance.now() > deadline) assert.fail(`waited in vain until ${what}`)
    await delay(50)
  }
}

/** Asks again and again over kept connections until told to stop; counts what was not answered. */
function load(url: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let answered = 0
  const failures: string[] = []
  let running = true
  let closing = false
  const ask = () =>
    new Promise<void>((resolve) => {
      let isLate = false
      const sent = request(url, { agent }, (response) => {
        response.resume()
        response.on('end', () => {
          if (response.statusCode === 200) answered++
          else failures.push(`status ${response.statusCode}`)
          resolve()
        })
        response.on('error', (error) => {
          failures.push(`cut off: ${error.message}`)
          resolve()
        })
      })
      sent.on('socket', (socket) => {
        isLate = closing && socket.connecting
      })
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // No answer was begun: a kept connection was closed while idle, or a new one came when the listener closed.
        if (!isLate && !sent.reusedSocket) failures.push(error.message)
        running = false
        resolve()
      })
      sent.end()
    })
  const workers = Array.from({ length: connections }, async () => {
    while (running) await ask()
  })
  return {
    answered: () => answered,
    /** From now on connections may be refused. */
    expectClosing() {
      closing = true
    },
    async end() {
      running = false
      await Promise.all(workers)
      agent.destroy()
      return failures
    },
  }
}

/** Whether somebody takes a connection there. */
function isTaken({ ports }: RunningServer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(ports.http, '127.0.0.1', () => socket.destroy())
    socket.on('connect', () => resolve(true))
    socket.on('error', () => resolve(false))
  })
}

/**
 * A POST whose head and first octets have come to the server: it answered what stood before them in the same piece.
 * `finish` sends the rest and gives what comes then, until the connection closes.
 */
async function begunRequest({ ports }: RunningServer): Promise<{ finish(): Promise<string> }> {
  const socket = connect(ports.http, '127.0.0.1')
  let answer = ''
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(answer)))
  socket.on('error', () => {})
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text
  })
  const before = 'GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n'
  socket.write(`${before}POST /ocsp/2 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab`)
  await until(() => answer.startsWith('HTTP/1.1 200 '), 'the request before is answered')
  return {
    finish() {
      answer = ''
      socket.write('cd')
      return closed
    },
  }
}

describe('two request loops', () => {
  test('S16 SIGTERM under load: what is in flight is answered, then everything ends with status 0', async (context) => {
    const server = await startServer(context, { processes: 2 })
    const running = load(`${server.http}/healthz`, 16)
    await until(() => running.answered() > 500, 'requests are answered')
    running.expectClosing()
    const status = await server.stop()
    assert.deepEqual(await running.end(), [], 'nothing was cut off')
    assert.equal(status, 0)
    for (const pid of loopsOf(server)) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
  })

  test('S16 a request that is being sent when SIGTERM comes is answered, new connections are not taken', async (context) => {
    const server = await startServer(context, { processes: 2 })
    const slow = await begunRequest(server)
    const stopped = server.stop()
    await until(async () => !(await isTaken(server)), 'new connections are refused')
    assert.match(await slow.finish(), /^HTTP\/1\.1 200 /, 'an OCSP error is a status 200')
    assert.equal(await stopped, 0)
  })

  test('S16 a second signal does not wait', async (context) => {
    const server = await startServer(context, { processes: 2 })
    await begunRequest(server)
    const stopped = server.stop()
    await until(() => messagesOf(server).includes('stopping'), 'the first one is heard')
    assert.equal(await Promise.all([stopped, server.stop()]).then(([status]) => status), 1)
  })

  test('a loop that is killed is replaced while the other one answers', async (context) => {
    const server = await startServer(context, { processes: 2 })
    const bound = () => messagesOf(server).filter((message) => /^listening at/.test(message)).length
    const ofTwo = bound()
    const [victim = -1] = loopsOf(server)
    process.kill(victim, 'SIGKILL')
    await until(() => messagesOf(server).some((message) => /started anew/.test(message)), 'it is noticed')
    assert.equal((await httpRequest(`${server.http}/readyz`)).status, 200)
    await until(() => bound() >= (ofTwo / 2) * 3, 'a third loop listens at the same addresses')
    assert.equal(await server.stop(), 0)
  })

  test('loops end when the process that watches over them is killed', async (context) => {
    const server = await startServer(context, { processes: 2 })
    process.kill(server.pid, 'SIGKILL')
    await until(
      () =>
        loopsOf(server).every((pid) => {
          try {
            process.kill(pid, 0)
            return false
          } catch {
            return true
          }
        }),
      'both are gone',
    )
  })

  test('metrics are those of both loops together', async (context) => {
    const server = await startServer(context, { processes: 2 })
    const asked = 20
    for (let count = 0; count < asked; count++) await httpRequest(`${server.http}/healthz`)
    for (let count = 0; count < 2; count++) {
      const { text, headers } = await httpRequest(`${server.http}/metrics`)
      assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/)
      assert.match(
        text,
        new RegExp(
          `chancery_http_requests_total\\{face="health",route="/healthz",status="200"\\} ${asked}\\n`,
        ),
      )
      assert.match(text, /\nnodejs_eventloop_lag_p99_seconds /)
      assert.match(text, /\nchancery_crls_overdue 0\n/)
    }
    assert.equal(await server.stop(), 0)
  })
})

describe('listeners', () => {
  test('with a listener of their own, figures and the checks behind readiness are shown there alone', async (context) => {
    const server = await startServer(context, { processes: 2, args: ['--metrics-listen', '127.0.0.1:0'] })
    const metrics = String(server.ready.metrics)
    const shown = await httpRequest(`${metrics}/metrics`)
    assert.equal(shown.status, 200)
    assert.match(shown.text, /^chancery_crls_overdue 0$/m)
    assert.ok(JSON.parse((await httpRequest(`${metrics}/readyz`)).text).checks.length > 0)
    assert.equal((await httpRequest(`${metrics}/healthz`)).status, 200)
    for (const path of ['/crl/2.crl', '/docs', '/services/v2/user/me', '/ocsp/2']) {
      assert.equal((await httpRequest(`${metrics}${path}`)).status, 404, path)
    }
    for (const address of [server.http, server.https]) {
      assert.equal((await httpRequest(`${address}/metrics`)).status, 403)
      const ready = await httpRequest(`${address}/readyz`)
      assert.deepEqual([ready.status, JSON.parse(ready.text)], [200, { status: 'ready' }])
    }
    const stranger = { headers: { 'x-forwarded-for': '192.0.2.7' } }
    assert.equal((await httpRequest(`${metrics}/metrics`, stranger)).status, 403, 'metrics-allow holds')
    assert.match(server.output(), new RegExp(`${metrics} for metrics`))
    assert.equal(await server.stop(), 0)
  })

  test('a certificate from the command line points at the server and verifies below its root over TLS', async (context) => {
    const server = await startServer(context)
    const root = readFileSync(join(server.dataFolder, 'root-ca.pem'), 'utf8')
    assert.equal((await httpRequest(`${server.https}/healthz`, { ca: root })).status, 200)
    const out = join(server.dataFolder, '..', 'out')
    const issued = await chancery([
      'issue',
      'www.example.internal',
      '--out',
      out,
      '--data',
      server.dataFolder,
    ])
    assert.equal(issued.status, 0, issued.stderr)
    const certificate = new X509Certificate(readFileSync(join(out, 'cert.pem')))
    assert.ok(String(certificate.infoAccess).includes(`${server.http}/ocsp/`), String(certificate.infoAccess))
    assert.equal(await server.stop(), 0)
  })

  test('only HTTP/1.1 is spoken over TLS', async (context) => {
    const server = await startServer(context)
    const protocol = await new Promise<TLSSocket['alpnProtocol']>((resolve, reject) => {
      const socket = connectTls(
        {
          port: server.ports.https,
          host: '127.0.0.1',
          rejectUnauthorized: false,
          ALPNProtocols: ['h2', 'http/1.1'],
        },
        () => {
          resolve(socket.alpnProtocol)
          socket.destroy()
        },
      )
      socket.on('error', reject)
    })
    assert.equal(protocol, 'http/1.1')
    assert.equal(await server.stop(), 0)
  })

  test('plain HTTP beyond loopback serves status and health but no API, unless a proxy is trusted', async (context) => {
    const open = await startServer(context, { args: ['--listen', '0.0.0.0:0'] })
    const plain = String(open.ready.http).replace(/\/\/[^:]*:/, '//127.0.0.1:')
    const connect = '/api/v1/connect'
    assert.equal((await httpRequest(`${plain}${connect}`, { body: '' })).status, 404)
    assert.equal((await httpRequest(`${plain}/docs`)).status, 404)
    assert.equal((await httpRequest(`${plain}/healthz`)).status, 200)
    assert.equal((await httpRequest(`${plain}/aia/1.crt`)).status, 200)
    assert.equal((await httpRequest(`${open.https}${connect}`, { body: '' })).status, 400)
    const { dataFolder } = open
    assert.equal(await open.stop(), 0)
    const behind = await startServer(context, {
      dataFolder,
      args: ['--listen', '0.0.0.0:0', '--trust-proxy', '192.0.2.1'],
    })
    const proxied = String(behind.ready.http).replace(/\/\/[^:]*:/, '//127.0.0.1:')
    assert.equal((await httpRequest(`${proxied}${connect}`, { body: '' })).status, 400)
    assert.equal(await behind.stop(), 0)
  })

  test('the documentation lists the addresses that the faces answer at', async (context) => {
    const server = await startServer(context)
    const { text } = await httpRequest(`${server.https}/docs`)
    for (const path of ['/api/v1/connect', '/api/v1/cert/new', '/healthz'])
      assert.ok(text.includes(path), path)
    assert.equal((await httpRequest(`${server.https}/api/v1/cert/new`, { body: '' })).status, 400)
    assert.equal(await server.stop(), 0)
  })

  test('the role status serves status and health only', async (context) => {
    const first = await startServer(context)
    assert.equal(await first.stop(), 0)
    const server = await startServer(context, { dataFolder: first.dataFolder, args: ['--role', 'status'] })
    assert.equal((await httpRequest(`${server.http}/readyz`)).status, 200)
    assert.equal((await httpRequest(`${server.http}/crl/1.crl`)).status, 200)
    assert.equal((await httpRequest(`${server.http}/api/v1/connect`, { body: '' })).status, 404)
    await assert.rejects(httpRequest(`${server.https}/healthz`))
    assert.equal(await server.stop(), 0)
  })
})
