import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import Fastify, { type FastifyPluginAsync } from 'fastify'
import { beginMaintenance, createMaintenanceGate } from '../../../src/core/limits/maintenance.ts'
import { approvalFace } from '../../../src/faces/approval/plugin.ts'
import { certcentral } from '../../../src/faces/certcentral/plugin.ts'
import { parseJsonBody } from '../../../src/server/http/json-body.ts'
import { openEngine } from '../../support/engine.ts'
import { testCaller } from '../../support/installation.ts'
import { temporaryFolder } from '../../support/tmp.ts'

const message = 'new disk: <b>"A" & B</b>'
const usual = 'The service cannot do this now; try again after the time in Retry-After.'

/** Faces behind the gate that a maintenance closes for ten minutes. */
async function closedFaces(t: TestContext, said: string | null = message) {
  const engine = await openEngine({ folder: temporaryFolder(t, 'maintenance') })
  t.after(() => engine.close())
  await beginMaintenance(engine, { forMs: 600_000, message: said }, testCaller)
  const gate = createMaintenanceGate(engine)
  const app = Fastify()
  t.after(() => app.close())
  const limits = { depth: 32, members: 1_000, elements: 10_000 }
  const closed: FastifyPluginAsync = async (scope) => {
    scope.addHook('onRequest', async () => gate())
    const options = { rates: [], parseJson: (body: Buffer) => parseJsonBody(body, limits) }
    await scope.register(certcentral(engine, options), { prefix: '/services/v2' })
    await scope.register(approvalFace(engine))
  }
  await app.register(closed)
  return (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })
}

test('a closed API tells what the operator says about it, under the usual code', async (t) => {
  const call = await closedFaces(t)
  const answer = await call('/services/v2/order/certificate')
  assert.deepEqual([answer.statusCode, answer.headers['retry-after']], [503, '600'])
  assert.deepEqual(answer.json(), {
    errors: [{ code: 'service_unavailable', message: `${usual} The operator says: ${message}` }],
  })
  const japanese = await call('/services/v2/order/certificate', { 'accept-language': 'ja' })
  assert.ok(japanese.json().errors[0].message.endsWith(`運用者からの連絡: ${message}`))
})

test('markup in what the operator says is text in XML and on the page behind a mail', async (t) => {
  const call = await closedFaces(t)
  const xml = await call('/services/v2/order/certificate', { accept: 'application/xml' })
  assert.equal(xml.statusCode, 503)
  assert.match(xml.body, /new disk: &lt;b&gt;(&quot;|")A(&quot;|") &amp; B&lt;\/b&gt;<\/message>/)
  const page = await call('/domain-approval?token=t')
  assert.deepEqual([page.statusCode, page.headers['retry-after']], [503, '600'])
  assert.match(page.body, /new disk: &lt;b&gt;&quot;A&quot; &amp; B&lt;\/b&gt;/)
})

test('a maintenance about which nothing is said has the usual message alone', async (t) => {
  const call = await closedFaces(t, null)
  assert.equal((await call('/services/v2/order/certificate')).json().errors[0].message, usual)
  assert.doesNotMatch((await call('/domain-approval?token=t')).body, /operator/)
})
