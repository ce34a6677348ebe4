import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Answer } from 'dns-packet'
import { startDnsServer, type Zone, zoneOf } from '../../test/support/dns-server.ts'
import { startWebServer } from '../../test/support/web-server.ts'
import { HttpFailure, type HttpFailureReason } from '../core/validation/outbound.ts'
import { addressGuard } from './address-guard.ts'
import { DnsClient } from './dns-client.ts'
import { GuardedHttp, type GuardedHttpOptions } from './guarded-http.ts'

const address = (name: string, data: string): Answer => ({ type: 'A', name, ttl: 60, data })

interface World {
  readonly zone?: Zone
  readonly listener?: RequestListener
  readonly allowed?: readonly string[]
  readonly options?: Partial<GuardedHttpOptions>
}

/** A guarded connector, its DNS server, and a web server at 127.0.0.1 which is `web.example`. */
async function world(t: TestContext, { zone, listener, allowed = ['127.0.0.1'], options = {} }: World) {
  const web = await startWebServer(t, listener ?? ((_request, response) => response.end('ok')))
  const dns = await startDnsServer(t, zone ?? zoneOf([address('web.example', '127.0.0.1')]))
  const http = new GuardedHttp({
    resolver: new DnsClient({ servers: [dns], isTrusted: false, timeoutMs: 10_000 }),
    guard: addressGuard({ allowed }),
    otherPorts: [web.port],
    ...options,
  })
  return { web, dns, http, base: `http://web.example:${web.port}` }
}

/** Sockets for streams that this process opened while `work` ran. */
async function socketsOpened(work: () => Promise<unknown>): Promise<number> {
  let count = 0
  const counted = () => {
    count += 1
  }
  subscribe('net.client.socket', counted)
  try {
    await work()
  } finally {
    unsubscribe('net.client.socket', counted)
  }
  return count
}

const failsWith = (reason: HttpFailureReason) => (error: unknown) => {
  assert.ok(error instanceof HttpFailure, String(error))
  assert.equal(error.reason, reason)
  return true
}

const redirectTo =
  (location: string, status = 302): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { location }).end('remote words')

test('a file is read from the vetted address, the name being in the Host field only', async (t) => {
  let seen: IncomingMessage | undefined
  const { http, base, web } = await world(t, {
    listener: (request, response) => {
      seen = request
      response.end('content')
    },
  })
  const reply = await http.get(`${base}/a?b=c#d`)
  assert.equal(Buffer.from(reply.body).toString(), 'content')
  assert.deepEqual([reply.status, reply.addresses], [200, [`127.0.0.1:${web.port}`]])
  assert.equal(seen?.url, '/a?b=c')
  assert.equal(seen?.headers.host, `web.example:${web.port}`)
  assert.equal(seen?.headers['accept-encoding'], 'identity')
  assert.equal(await socketsOpened(() => http.get(base)), 1, 'opened sockets are counted')
})

test('D3 a name that leads to loopback, metadata or ::1 is refused and no socket is opened', async (t) => {
  const targets = ['127.0.0.1', '169.254.169.254', '10.0.0.1', '0.0.0.0']
  const records: Answer[] = targets.map((target, index) => address(`n${index}.example`, target))
  records.push({ type: 'AAAA', name: 'n9.example', ttl: 60, data: '::1' })
  records.push({ type: 'AAAA', name: 'n8.example', ttl: 60, data: '::ffff:127.0.0.1' })
  const { http, web } = await world(t, { zone: zoneOf(records), allowed: [] })
  const opened = await socketsOpened(async () => {
    for (const { name } of records) {
      await assert.rejects(http.get(`http://${name}:${web.port}/`), failsWith('address-refused'), name)
    }
  })
  assert.equal(opened, 0)
  assert.equal(web.connections.length, 0)
})

test('D3 addresses in the URL are refused in every notation and no socket is opened', async (t) => {
  const { http } = await world(t, { allowed: [] })
  const hosts = ['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '127.1', '[::1]', '[::ffff:7f00:1]', '0']
  const opened = await socketsOpened(async () => {
    for (const host of hosts) {
      await assert.rejects(http.get(`http://${host}/`), failsWith('address-refused'), host)
    }
  })
  assert.equal(opened, 0)
})

test('D3 a redirect to a refused address opens no further socket', async (t) => {
  for (const target of [
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/',
    'http://inside.example/',
  ]) {
    const { http, base } = await world(t, {
      zone: zoneOf([address('web.example', '127.0.0.1'), address('inside.example', '10.0.0.1')]),
      listener: redirectTo(target),
    })
    const opened = await socketsOpened(() => assert.rejects(http.get(base), failsWith('address-refused')))
    assert.equal(opened, 1, target)
  }
})

test('D4 one resolution per hop: a second answer with another address is never asked for', async (t) => {
  let asked = 0
  const { http, base, web } = await world(t, {
    zone: ({ name, type }) => {
      if (type !== 'A') return {}
      asked += 1
      return { answers: [address(name, asked === 1 ? '127.0.0.1' : '127.0.0.2')] }
    },
  })
  const reply = await http.get(base)
  assert.deepEqual(reply.addresses, [`127.0.0.1:${web.port}`])
  assert.equal(asked, 1)
})

test('D4 refused addresses are dropped from an answer and the others used', async (t) => {
  const records = ['10.0.0.1', '169.254.169.254', '127.0.0.1'].map((data) => address('web.example', data))
  const { http, base, web } = await world(t, { zone: zoneOf(records) })
  assert.deepEqual((await http.get(base)).addresses, [`127.0.0.1:${web.port}`])
})

test('D2 ten redirects are followed and checked; the eleventh fails', async (t) => {
  const { http, base } = await world(t, {
    listener: (request, response) => {
      const left = Number(request.url?.slice(1))
      if (left === 0) response.end('end')
      else response.writeHead([301, 302, 307, 308][left % 4] ?? 302, { location: `/${left - 1}` }).end()
    },
  })
  const reply = await http.get(`${base}/10`)
  assert.equal(Buffer.from(reply.body).toString(), 'end')
  assert.equal(reply.addresses.length, 11)
  await assert.rejects(http.get(`${base}/11`), failsWith('too-many-redirects'))
})

test('D2 a loop, and every 3xx but 301, 302, 307 and 308, fail', async (t) => {
  const loop = await world(t, {
    listener: (request, response) =>
      response.writeHead(302, { location: request.url === '/a' ? '/b' : '/a' }).end(),
  })
  await assert.rejects(loop.http.get(`${loop.base}/a`), failsWith('redirect-loop'))
  for (const status of [300, 303, 304, 305]) {
    const { http, base } = await world(t, { listener: redirectTo('/other', status) })
    await assert.rejects(http.get(base), failsWith('redirect-refused'), String(status))
  }
})

test('D2 a meta refresh is content like any other', async (t) => {
  const { http, base, web } = await world(t, {
    listener: (_request, response) => response.end('<meta http-equiv="refresh" content="0;url=/token">'),
  })
  assert.match(Buffer.from((await http.get(base)).body).toString(), /^<meta/)
  assert.equal(web.connections.length, 1)
})

test('redirects to other schemes, ports, credentials or nowhere fail', async (t) => {
  for (const location of [
    ...['ftp://web.example/', 'file:///etc/passwd', 'http://web.example:22/', 'http://u:p@web.example/'],
    ...['http://web.example:99999/', 'http://', ''],
  ]) {
    const { http, base } = await world(t, { listener: redirectTo(location) })
    await assert.rejects(http.get(base), failsWith('redirect-refused'), location)
  }
})

test('URLs of other schemes, other ports or with credentials are not called', async (t) => {
  const { http } = await world(t, {})
  for (const url of ['ftp://web.example/', 'http://web.example:22/', 'http://u@web.example/', 'nonsense']) {
    await assert.rejects(http.get(url), failsWith('url'), url)
  }
})

test('D5 a body at the limit is read; one octet more, or 10 MiB announced or not, fails', async (t) => {
  const { http, base } = await world(t, {
    listener: (request, response) => response.end(Buffer.alloc(Number(request.url?.slice(1)), 0x61)),
  })
  assert.equal((await http.get(`${base}/2048`)).body.length, 2_048)
  await assert.rejects(http.get(`${base}/2049`), failsWith('too-large'))
  await assert.rejects(http.get(`${base}/10485760`), failsWith('too-large'))
})

test('D5 an endless body ends at the limit and its socket is closed', async (t) => {
  const { http, base, web } = await world(t, {
    listener: (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024))) {}
      }
      response.on('drain', more)
      more()
    },
  })
  await assert.rejects(http.get(base), failsWith('too-large'))
  const [socket] = web.connections
  assert.ok(socket !== undefined)
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  assert.ok(socket.bytesWritten < 16 * 1024 * 1024)
})

test('D5 a body that trickles, a header that never comes and a redirect chain end at the deadline', async (t) => {
  const options = { totalMs: 1_000 }
  const trickle = await world(t, {
    options,
    listener: (_request, response) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    },
  })
  await assert.rejects(trickle.http.get(trickle.base), failsWith('timeout'))
  const silent = await world(t, { options, listener: () => {} })
  await assert.rejects(silent.http.get(silent.base), failsWith('timeout'))
  let hop = 0
  const slow = await world(t, {
    options,
    listener: (_request, response) => {
      hop += 1
      setTimeout(() => response.writeHead(302, { location: `/${hop}` }).end(), 200)
    },
  })
  await assert.rejects(slow.http.get(slow.base), failsWith('timeout'))
})

test('D6 a failure after a redirect carries nothing that the other side sent', async (t) => {
  const { http, base } = await world(t, {
    listener: (request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/secret-place' }).end('remote words')
      else response.end('remote words '.repeat(1_000))
    },
  })
  await assert.rejects(http.get(`${base}/`), (error: Error) => {
    assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /remote|secret/)
    return true
  })
})

test('compressed bodies and broken answers fail', async (t) => {
  const zipped = await world(t, {
    listener: (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
  })
  await assert.rejects(zipped.http.get(zipped.base), failsWith('compressed'))
  for (const answer of ['nonsense\r\n\r\n', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\ncut', '']) {
    const server = createServer((socket) => socket.on('error', () => {}).end(answer))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const { port } = server.address() as { port: number }
    const { http } = await world(t, { options: { otherPorts: [port] } })
    await assert.rejects(http.get(`http://web.example:${port}/`), failsWith('malformed'), answer)
  }
})

test('names that do not resolve and ports where nobody listens fail as such', async (t) => {
  const { http } = await world(t, {
    zone: ({ name }) => (name === 'broken.example' ? { rcode: 2 } : { rcode: 3 }),
  })
  await assert.rejects(http.get('http://absent.example/'), failsWith('name-not-resolved'))
  await assert.rejects(http.get('http://broken.example/'), failsWith('name-not-resolved'))
  // A port that was open a moment ago might be somebody else's by now.
  const other = await world(t, { options: { otherPorts: [1] } })
  await assert.rejects(other.http.get('http://web.example:1/'), failsWith('not-connected'))
})

test('D20 a notification to an internal address is refused, and no redirect of a receiver followed', async (t) => {
  const inside = await world(t, { allowed: [] })
  const opened = await socketsOpened(() =>
    assert.rejects(inside.http.post(`${inside.base}/`, {}, '{}'), failsWith('address-refused')),
  )
  assert.equal(opened, 0)
  const { http, base, web } = await world(t, { listener: redirectTo('/elsewhere', 307) })
  await assert.rejects(http.post(base, {}, '{}'), failsWith('redirect-refused'))
  assert.equal(web.connections.length, 1)
})

test('a notification is delivered whole with its header fields, and a long reply is cut', async (t) => {
  const received: string[] = []
  const { http, base } = await world(t, {
    listener: (request, response) => {
      request.setEncoding('utf8').on('data', (part) => received.push(part))
      request.on('end', () => {
        received.push(String(request.headers['x-signature']), String(request.headers.host?.split(':')[0]))
        response.writeHead(202).end('y'.repeat(5_000))
      })
    },
  })
  const reply = await http.post(base, { 'x-signature': 'abc', host: 'other.example' }, '{"né":1}')
  assert.deepEqual([reply.status, reply.body.length], [202, 2_048])
  assert.deepEqual(received, ['{"né":1}', 'abc', 'web.example'])
})
