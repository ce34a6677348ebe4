import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startDnsServer, zoneOf } from '../../test/support/dns-server.ts'
import { opensslMissing, opensslText } from '../../test/support/openssl.ts'
import { startWebServer } from '../../test/support/web-server.ts'
import { HttpFailure } from '../core/validation/outbound.ts'
import { addressGuard } from './address-guard.ts'
import { DnsClient } from './dns-client.ts'
import { GuardedHttp } from './guarded-http.ts'

const zone = zoneOf([{ type: 'A', name: 'web.example', ttl: 60, data: '127.0.0.1' }])

test('over https the name goes into SNI; an unknown issuer stops a notification but no validation', {
  skip: opensslMissing,
}, async (t) => {
  const pem = await opensslText([
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=web.example', '-keyout', '-', '-out', '-'],
  ])
  const names: unknown[] = []
  const server = createServer({ key: pem, cert: pem }, (request, response) => {
    names.push('servername' in request.socket ? request.socket.servername : undefined)
    response.end('content')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const dns = await startDnsServer(t, zone)
  const http = new GuardedHttp({
    resolver: new DnsClient({ servers: [dns], isTrusted: false }),
    guard: addressGuard({ allowed: ['127.0.0.1'] }),
    otherPorts: [port],
  })
  const reply = await http.get(`https://web.example:${port}/`)
  assert.equal(Buffer.from(reply.body).toString(), 'content')
  assert.deepEqual(names, ['web.example'])
  await assert.rejects(http.post(`https://web.example:${port}/`, {}, '{}'), (error) => {
    assert.ok(error instanceof HttpFailure)
    assert.equal(error.reason, 'tls')
    return true
  })
  assert.equal(names.length, 1, 'nothing was sent')
})

test('proxies named in the environment are not used', async (t) => {
  const proxy = await startWebServer(t, (_request, response) => response.end('from the proxy'))
  const web = await startWebServer(t, (_request, response) => response.end('direct'))
  const dns = await startDnsServer(t, zone)
  const module = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)))
  const source = `
    const { GuardedHttp } = await import(${module('guarded-http.ts')})
    const { DnsClient } = await import(${module('dns-client.ts')})
    const { addressGuard } = await import(${module('address-guard.ts')})
    const http = new GuardedHttp({
      resolver: new DnsClient({ servers: [{ address: '127.0.0.1', port: ${dns.port} }], isTrusted: false }),
      guard: addressGuard({ allowed: ['127.0.0.1'] }),
      otherPorts: [${web.port}],
    })
    const reply = await http.get('http://web.example:${web.port}/')
    process.stdout.write(reply.body)`
  const address = `http://127.0.0.1:${proxy.port}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    env: { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: address, http_proxy: address, HTTPS_PROXY: address },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  await once(child, 'close')
  assert.equal(Buffer.concat(parts).toString(), 'direct')
  assert.equal(proxy.connections.length, 0)
})
