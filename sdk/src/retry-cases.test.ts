import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { ChanceryError } from './errors.ts'
import { type Scripted, type Step, scripted } from './testing/scripted.ts'

/** The cases that a client of these APIs has to get right, each as the scenario server of test/samples plays it. */

const details: Step = { status: 200, body: { id: '1', serial_number: '5B0F', status: 'issued' } }
const unavailable: Step = { status: 503 }
const request = { profile: { id: 'p' }, seat: { seat_id: 's' }, csr: 'MIIB' }

const read = ({ client }: Scripted) => client.trustLifecycle.certificates.details('5B0F')
const issue = ({ client }: Scripted) => client.trustLifecycle.certificates.issue(request)

/** Milliseconds between the requests. */
function gaps({ requests }: Scripted): number[] {
  return requests.slice(1).map(({ atMs }, at) => atMs - (requests[at]?.atMs ?? 0))
}

async function failure(promise: Promise<unknown>): Promise<ChanceryError> {
  const error = await promise.then(
    () => assert.fail('the call succeeded'),
    (error: unknown) => error,
  )
  assert.ok(error instanceof ChanceryError, String(error))
  return error
}

test('case 1: after a 429 with Retry-After in seconds the call waits that long, and up to a tenth more', async () => {
  for (const [random, gap] of [
    [0, 2_000],
    [0.5, 2_100],
  ] as const) {
    const server = scripted([{ status: 429, headers: { 'retry-after': '2' } }, details], {
      random: () => random,
    })
    assert.equal((await read(server)).status, 'issued')
    assert.deepEqual(gaps(server), [gap])
  }
})

test('case 2: a date in Retry-After is read by the clock of the server that sent it', async () => {
  const spellings = {
    'an hour behind ours': ['Sun, 01 Mar 2026 11:00:03 GMT', 'Sun, 01 Mar 2026 11:00:00 GMT'],
    'an hour ahead of ours': ['Sunday, 01-Mar-26 13:00:03 GMT', 'Sunday, 01-Mar-26 13:00:00 GMT'],
    'not told': ['Sun Mar  1 12:00:03 2026', undefined],
  } as const
  for (const [clock, [retryAfter, date]] of Object.entries(spellings)) {
    const headers = { 'retry-after': retryAfter, ...(date !== undefined && { date }) }
    const server = scripted([{ status: 503, headers }, details], { random: () => 0 })
    await read(server)
    assert.deepEqual(gaps(server), [3_000], clock)
  }
})

test('case 3: a date that has passed means no wait', async () => {
  const server = scripted([
    { status: 503, headers: { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' } },
    details,
  ])
  await read(server)
  assert.deepEqual(gaps(server), [0])
})

test('case 4: a Retry-After that makes no sense counts as none', async () => {
  for (const garbage of ['soon', '-5', '1.5', '', '2, 3', '0x10']) {
    const server = scripted([{ status: 429, headers: { 'retry-after': garbage } }, details])
    await read(server)
    assert.deepEqual(gaps(server), [500], garbage)
  }
})

test('case 5: without Retry-After the waits are backoff with full jitter, five attempts in all', async () => {
  const server = scripted([unavailable], { retry: { deadlineMs: 600_000 } })
  const error = await failure(read(server))
  assert.deepEqual(gaps(server), [500, 1_000, 2_000, 4_000])
  assert.deepEqual([error.status, error.attempts, error.gaveUp, error.retryable], [503, 5, 'attempts', true])
})

test('case 6: when the server asks for more time than there is, the call fails at once and says so', async () => {
  const server = scripted([{ status: 503, headers: { 'retry-after': '86400' } }])
  const error = await failure(read(server))
  assert.equal(server.clock.elapsed(), 0)
  assert.equal(server.requests.length, 1)
  assert.deepEqual([error.gaveUp, error.retryAfterMs, error.retryable], ['deadline', 86_400_000, true])
  assert.match(error.message, /retry after 86400 s/)
})

test('case 6: the waits of a call never reach past its deadline', async () => {
  const server = scripted([{ status: 503, headers: { 'retry-after': '50' } }])
  const error = await failure(read(server))
  // 52.5 s with jitter, twice; a third wait would end after 120 s.
  assert.equal(server.clock.elapsed(), 105_000)
  assert.deepEqual([error.attempts, error.gaveUp], [3, 'deadline'])
})

test('case 7: a connection that broke is made again for a call that may be repeated', async () => {
  const server = scripted(['reset', 'refuse', details])
  await read(server)
  assert.equal(server.requests.length, 3)
})

test('case 8: an answer that does not come in time, or stalls half-way, is given up and asked for again', async () => {
  const server = scripted(['hang', 'hang in the body', details], { retry: { attemptTimeoutMs: 1_000 } })
  await read(server)
  assert.deepEqual(gaps(server), [1_500, 2_000])
})

test('case 8: no attempt outlasts the deadline of the call', async () => {
  const server = scripted(['hang'], { retry: { attemptTimeoutMs: 7_000, deadlineMs: 10_000 } })
  const error = await failure(read(server))
  assert.equal(server.clock.elapsed(), 10_000)
  assert.deepEqual([error.kind, error.attempts, error.gaveUp], ['timeout', 2, 'deadline'])
})

test('case 9: a refusal is asked for once, and read in each of its shapes', async () => {
  const detail = { code: 'invalid_input_field', message: 'limit must be at least 1', field: 'limit' }
  const shapes = {
    list: { errors: [detail], request_id: 'r-1' },
    single: { error: detail, request_id: 'r-1' },
    bare: { ...detail, request_id: 'r-1' },
    'list and numeric code': { errors: [detail], code: 400, message: 'limit', request_id: 'r-1' },
  }
  for (const [shape, body] of Object.entries(shapes)) {
    for (const call of [read, issue]) {
      const server = scripted([{ status: 400, body }])
      const error = await failure(call(server))
      assert.equal(server.requests.length, 1)
      assert.deepEqual(
        [error.kind, error.status, error.code, error.field, error.requestId, error.retryable],
        ['response', 400, 'invalid_input_field', 'limit', 'r-1', false],
        shape,
      )
      assert.match(error.message, /400: invalid_input_field \(limit\) limit must be at least 1 \(request r-1/)
    }
  }
})

test('case 9: no other refusal of the caller is repeated either', async () => {
  for (const status of [400, 403, 404, 405, 409, 410, 413, 422, 501]) {
    const server = scripted([{ status }])
    assert.equal((await failure(read(server))).retryable, false)
    assert.equal(server.requests.length, 1, String(status))
  }
})

test('case 10: a 401 is asked for once and hints at the end date', async () => {
  const body = { errors: [{ code: 'invalid_api_key', message: 'no such key' }] }
  const server = scripted([{ status: 401, body }])
  const error = await failure(read(server))
  assert.equal(server.requests.length, 1)
  assert.match(error.message, /end date of the API key/)
})

test('case 11: a 204 is a success without a value', async () => {
  const server = scripted([{ status: 204 }])
  const { certificates } = server.client.trustLifecycle
  assert.equal(await certificates.revoke('5B0F', { revocation_reason: 'superseded' }), undefined)
})

test('case 12: a POST that was answered 500, lost or timed out is repeated with one idempotency key', async () => {
  const made = new Map<string, string>()
  const make =
    (answer: Step | undefined): Step =>
    ({ headers }) => {
      const key = headers['idempotency-key'] ?? `without key ${made.size}`
      if (!made.has(key)) made.set(key, `0${made.size + 1}`)
      return answer ?? { status: 201, body: { serial_number: made.get(key), certificate: 'PEM' } }
    }
  const server = scripted([make({ status: 500 }), make('reset'), make('hang'), make(undefined)])
  assert.equal((await issue(server)).serial_number, '01')
  assert.equal(made.size, 1)
  assert.equal(server.requests.length, 4)
})

test('case 12: where the server does not know idempotency keys, a POST of unknown outcome is not repeated', async () => {
  const ambiguous: readonly Step[] = [{ status: 500 }, { status: 502 }, { status: 504 }, 'reset', 'hang']
  for (const step of ambiguous) {
    const server = scripted([step], { honoursIdempotencyKeys: false })
    const error = await failure(issue(server))
    assert.deepEqual([server.requests.length, error.retryable], [1, false])
  }
  // Of these it is known that they did nothing.
  const server = scripted(['refuse', { status: 429 }, { status: 503 }, { status: 201, body: {} }], {
    honoursIdempotencyKeys: false,
  })
  await issue(server)
  assert.equal(server.requests.length, 4)
})

test('case 13: a page of a proxy keeps its status and is repeated as the status allows', async () => {
  const page = { status: 502, body: '<html>\n<h1>Bad gateway</h1></html>' }
  const recovering = scripted([page, details])
  assert.equal((await read(recovering)).serial_number, '5B0F')
  const error = await failure(read(scripted([page])))
  assert.deepEqual([error.status, error.code, error.rawBody], [502, undefined, page.body])
  assert.match(error.message, /502: <html> <h1>Bad gateway/)
})

test('case 14: a call that is aborted while it waits ends at once with the reason', async () => {
  const controller = new AbortController()
  const server = scripted([{ status: 429, headers: { 'retry-after': '30' } }], {
    onEvent: ({ type }) => {
      if (type === 'wait') queueMicrotask(() => controller.abort(new Error('enough')))
    },
  })
  const { certificates } = server.client.trustLifecycle
  const error = await failure(certificates.details('5B0F', {}, { signal: controller.signal }))
  assert.equal(server.clock.elapsed(), 0)
  assert.deepEqual([server.requests.length, error.kind, error.name], [1, 'aborted', 'AbortError'])
  assert.equal(error.cause instanceof Error && error.cause.message, 'enough')
})

test('case 14: a call that is aborted while it is attempted ends at once, and its request is aborted too', async () => {
  const controller = new AbortController()
  const server = scripted(['hang'])
  const { certificates } = server.client.trustLifecycle
  const call = failure(certificates.details('5B0F', {}, { signal: controller.signal }))
  controller.abort()
  assert.deepEqual([(await call).kind, (await call).attempts], ['aborted', 1])
  assert.equal(server.requests[0]?.signal.aborted, true)
  await turn()
  assert.equal(server.clock.elapsed(), 0)
})

test('case 14: a call whose signal was aborted before sends nothing', async () => {
  const server = scripted([details])
  const { certificates } = server.client.trustLifecycle
  const error = await failure(certificates.details('5B0F', {}, { signal: AbortSignal.abort() }))
  assert.deepEqual([server.requests.length, error.attempts, error.kind], [0, 0, 'aborted'])
})
