import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IssuanceError } from '../errors.ts'
import { type Step, scripted } from '../testing/scripted.ts'

const request = { profile: { id: 'profile-1' }, seat: { seat_id: 's' }, csr: 'MIIB' }
const waiting: Step = { status: 201, body: { request_id: 'r/1' } }
const pending: Step = { status: 200, body: { status: 'PENDING' } }
const issued: Step = { status: 200, body: { status: 'ISSUED', serial_number: '0A', certificate: 'PEM' } }

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

test('a certificate that is issued at once needs no pickup', async () => {
  const { client, requests } = scripted([
    { status: 201, body: { serial_number: '0A', certificate: 'PEM', delivery_format: 'x509' } },
  ])
  const certificate = await client.trustLifecycle.certificates.issueAndAwait(request)
  assert.deepEqual([certificate.serial_number, certificate.certificate], ['0A', 'PEM'])
  assert.equal(requests.length, 1)
})

test('an issuance that waits is picked up when it is there', async () => {
  const { client, requests } = scripted([waiting, pending, { status: 503 }, pending, issued])
  const options = { pollMs: 2_000, idempotencyKey: 'k', requestId: 'x' }
  const certificate = await client.trustLifecycle.certificates.issueAndAwait(request, options)
  assert.equal(certificate.serial_number, '0A')
  assert.deepEqual(
    requests.map(({ atMs }) => atMs),
    [0, 0, 2_000, 2_500, 4_500],
  )
  const [asked, pickedUp] = requests
  assert.equal(pickedUp?.url, 'https://ca.example/mpki/api/v1/certificate-pickup/r%2F1')
  assert.equal(pickedUp?.body, '{"profile":{"id":"profile-1"}}')
  assert.equal(asked?.headers['idempotency-key'], 'k')
  assert.notEqual(pickedUp?.headers['x-dc-transactionid'], 'x')
})

test('an issuance that is rejected, or pending for too long, is an error with its id', async () => {
  for (const [step, status] of [
    [{ status: 200, body: { status: 'REJECTED' } }, 'REJECTED'],
    [pending, 'PENDING'],
  ] as const) {
    const { client, clock } = scripted([waiting, step])
    const error = await client.trustLifecycle.certificates
      .issueAndAwait(request, { pollMs: 1_000, waitMs: 3_500 })
      .then(
        () => assert.fail('issued'),
        (error: unknown) => error,
      )
    assert.ok(error instanceof IssuanceError)
    assert.deepEqual([error.status, error.issuanceRequestId], [status, 'r/1'])
    assert.ok(clock.elapsed() <= 3_500)
  }
})

test('a wait for a certificate ends when its signal is aborted', async () => {
  const controller = new AbortController()
  const abort: Step = () => {
    setImmediate(() => controller.abort())
    return pending
  }
  const { client } = scripted([waiting, abort])
  const { signal } = controller
  await assert.rejects(
    client.trustLifecycle.certificates.issueAndAwait(request, { signal, pollMs: 60_000 }),
    { kind: 'aborted' },
  )
})

test('a search goes through all pages and stops at the last', async () => {
  const stored = Array.from({ length: 250 }, (_, at) => ({ serial_number: String(at) }))
  const { client, requests } = scripted([
    ({ url }) => {
      const offset = Number(new URL(url).searchParams.get('offset'))
      const limit = Number(new URL(url).searchParams.get('limit'))
      return {
        status: 200,
        body: { total: stored.length, offset, limit, items: stored.slice(offset, offset + limit) },
      }
    },
  ])
  const found = await all(client.trustLifecycle.certificates.searchAll({ status: 'issued' }))
  assert.equal(found.length, 250)
  assert.equal(requests.length, 3)
  const exactly = await all(client.trustLifecycle.certificates.searchAll({ limit: 50 }))
  assert.equal(exactly.length, 250)
  assert.equal(requests.length, 3 + 5)
})

test('a key whose recovery had an unknown outcome is not asked for again, one that was turned away is', async () => {
  for (const step of [{ status: 500 }, 'reset'] as const) {
    const { client, requests } = scripted([step])
    await assert.rejects(client.trustLifecycle.certificates.recoverKey('0A'))
    assert.equal(requests.length, 1)
  }
  const { client, requests } = scripted([{ status: 503 }, { status: 200, body: {} }])
  await client.trustLifecycle.certificates.recoverKey('0A')
  assert.equal(requests.length, 2)
})
