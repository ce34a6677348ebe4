import assert from 'node:assert/strict'
import type { Reply, Script, Seen } from './scenario-server.ts'

/** What a run of a client came to, as the server and the runner saw it. */
export interface Run {
  readonly requests: readonly Seen[]
  /** Exit status; -1 when a signal ended the client. */
  readonly status: number
  readonly stdout: string
  readonly stderr: string
  readonly endedAtMs: number
  /** When the client was interrupted, if it was. */
  readonly interruptedAtMs?: number
}

export interface Scenario {
  /** Number of the case, and a letter where it has several scenes. */
  readonly name: string
  readonly title: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Interrupt the client once it says that it is waiting. */
  readonly interrupts?: boolean
  /** A new script for each run. */
  readonly script: () => Script
  /** @throws {assert.AssertionError} */
  readonly judge: (run: Run) => void
}

export const serial = '5B0F11C2A3D4E5F60718'
export const certificatePem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
const requestId = '8b6e0000-0000-4000-8000-00000000cafe'

/** Stands for the file with the certification request. */
export const csrFile = '{csr}'
const issue = ['issue', '3f0c4a51-9f5e-4b0b-8a51-77f0a1c2d3e4', 'pump-07.harbour.example', csrFile]
const show = ['show', serial]
const revoke = ['revoke', serial, 'superseded']

const details: Reply = { status: 200, body: { id: '1', serial_number: serial, status: 'issued' } }
const tooMany = (retryAfter?: string): Reply => ({
  status: 429,
  headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  body: refusal('rate_limit_exceeded', 'slow down'),
})
const unavailable = (headers: Record<string, string> = {}): Reply => ({
  status: 503,
  headers,
  body: refusal('service_unavailable', 'back soon'),
})
const gatewayPage: Reply = { status: 502, body: '<html><body><h1>Bad gateway</h1></body></html>' }

function refusal(code: string, message: string, field?: string): object {
  const entry = { code, message, ...(field !== undefined && { field }) }
  return { errors: [entry], code, message, request_id: requestId }
}

/** The replies in turn, the last one again and again. */
function inTurn(...replies: readonly Reply[]): () => Script {
  return () => (_, number) => replies[Math.min(number, replies.length) - 1] ?? 'hang'
}

/**
 * Issues as the service does: one certificate for one idempotency key, at first only a `request_id`, and the
 * certificate at the second pickup.
 *
 * @param disturb takes the place of the answer to a request that did its work
 * @param refuse takes the place of the work
 */
function issuing(
  disturb: (number: number) => Reply | undefined,
  refuse: (number: number) => Reply | undefined = () => undefined,
): () => Script {
  return () => {
    const made = new Map<string, string>()
    let pickups = 0
    return ({ path, headers }, number) => {
      const refused = refuse(number)
      if (refused !== undefined) return refused
      if (path.startsWith('/mpki/api/v1/certificate-pickup/')) {
        pickups++
        const known = [...made.values()].some((id) => path.endsWith(`/${id}`))
        if (!known) return { status: 404, body: refusal('resource_not_found', 'no such request') }
        if (pickups < 2) return { status: 200, body: { status: 'PENDING' } }
        const body = {
          status: 'ISSUED',
          serial_number: serial,
          delivery_format: 'x509',
          certificate: certificatePem,
        }
        return { status: 200, body }
      }
      const key = String(headers['idempotency-key'] ?? `request ${number}`)
      const id = made.get(key) ?? `made-${made.size + 1}`
      made.set(key, id)
      return disturb(number) ?? { status: 201, body: { request_id: id } }
    }
  }
}

/** `Retry-After` as a date by a server whose clock is `skewMs` off. */
function dated(aheadMs: number, skewMs: number, spell: (date: Date) => string): () => Script {
  return () => (_, number) => {
    if (number > 1) return details
    const now = Math.floor((Date.now() + skewMs) / 1000) * 1000
    return unavailable({
      date: new Date(now).toUTCString(),
      'retry-after': spell(new Date(now + aheadMs)),
    })
  }
}

const imfFixdate = (date: Date): string => date.toUTCString()

function asctime(date: Date): string {
  const [, day = '', month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? []
  return `${date.toUTCString().slice(0, 3)} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`
}

function rfc850(date: Date): string {
  const [, day, month, year = '', time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? []
  const name = date.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })
  return `${name}, ${day}-${month}-${year.slice(2)} ${time} GMT`
}

/** Timers and clocks need not agree to the millisecond. */
const slackMs = 30
/** What a busy machine may add to anything. */
const patienceMs = 20_000

/** From the first reply to the second request. */
function firstPauseMs({ requests: [first, second] }: Run): number {
  assert.ok(first?.repliedAtMs !== undefined && second !== undefined, 'there was no second request')
  return second.receivedAtMs - first.repliedAtMs
}

function waited(run: Run, toldMs: number): void {
  const pauseMs = firstPauseMs(run)
  assert.ok(pauseMs >= toldMs - slackMs, `came back after ${pauseMs} ms, told ${toldMs}`)
  assert.ok(pauseMs <= toldMs * 1.1 + patienceMs, `came back only after ${pauseMs} ms, told ${toldMs}`)
}

function succeeded({ status, stdout, stderr }: Run, expected: string): void {
  assert.equal(status, 0, `exit status ${status}: ${stderr}`)
  assert.equal(stdout.replaceAll('\r\n', '\n').trim(), expected.trim())
}

function requestCount({ requests }: Run, expected: number): void {
  assert.equal(requests.length, expected, `${requests.length} requests, expected ${expected}`)
}

function refused(run: Run, ...told: readonly RegExp[]): void {
  assert.equal(run.status, 1, `exit status ${run.status}: ${run.stderr}`)
  for (const text of told) assert.match(run.stderr, text)
}

const shown = `${serial} issued`

function shownAfter(run: Run, requests: number): void {
  succeeded(run, shown)
  requestCount(run, requests)
}

/** The 14 cases that a client of these APIs has to get right. */
export const scenarios: readonly Scenario[] = [
  {
    name: '1',
    title: '429 with Retry-After in seconds',
    args: issue,
    script: issuing(
      () => undefined,
      (number) => (number === 1 ? tooMany('2') : undefined),
    ),
    judge(run) {
      waited(run, 2_000)
      succeeded(run, certificatePem)
      requestCount(run, 4)
    },
  },
  ...[
    {
      name: '2a',
      title: '503 with a date, the server an hour behind',
      skewMs: -3_600_000,
      spell: imfFixdate,
    },
    {
      name: '2b',
      title: '503 with an asctime date, the server an hour ahead',
      skewMs: 3_600_000,
      spell: asctime,
    },
    { name: '2c', title: '503 with an RFC 850 date, the clocks agreeing', skewMs: 0, spell: rfc850 },
  ].map(({ name, title, skewMs, spell }) => ({
    name,
    title,
    args: show,
    script: dated(3_000, skewMs, spell),
    judge(run: Run) {
      waited(run, 3_000)
      shownAfter(run, 2)
    },
  })),
  {
    name: '3',
    title: 'a date in the past: no wait',
    args: show,
    // Who takes the date for none waits by this instead.
    env: { DC_BACKOFF_BASE: '90', DC_BACKOFF_CAP: '90', DC_DEADLINE: '100' },
    script: dated(-60_000, 0, imfFixdate),
    judge(run) {
      shownAfter(run, 2)
      waited(run, 0)
    },
  },
  {
    name: '4',
    title: 'a header that makes no sense counts as none',
    args: show,
    script: inTurn(tooMany('soon'), unavailable({ 'retry-after': '-86400' }), details),
    judge: (run) => shownAfter(run, 3),
  },
  {
    name: '5a',
    title: '503 without the header',
    args: show,
    script: inTurn(unavailable(), unavailable(), details),
    judge: (run) => shownAfter(run, 3),
  },
  {
    name: '5b',
    title: '503 with nothing but its status line',
    args: show,
    script: inTurn({ status: 503 }, details),
    judge: (run) => shownAfter(run, 2),
  },
  {
    name: '6',
    title: 'Retry-After: 86400, given up without sleeping',
    args: show,
    script: inTurn(unavailable({ 'retry-after': '86400' })),
    judge(run) {
      requestCount(run, 1)
      refused(run, /503/, /86400/)
      const spentMs = run.endedAtMs - (run.requests[0]?.repliedAtMs ?? 0)
      assert.ok(spentMs < patienceMs, `ended ${spentMs} ms after the answer`)
    },
  },
  {
    name: '7',
    title: 'the connection is reset',
    args: show,
    script: inTurn('reset', details),
    judge: (run) => shownAfter(run, 2),
  },
  ...(['hang', 'stall'] as const).map((reply, at) => ({
    name: `8${'ab'[at]}`,
    title: reply === 'hang' ? 'no answer within the time-out' : 'an answer that stops half-way',
    args: show,
    env: { DC_READ_TIMEOUT: '1' },
    script: inTurn(reply, details),
    judge(run: Run) {
      shownAfter(run, 2)
      const [first, second] = run.requests
      const pauseMs = (second?.receivedAtMs ?? 0) - (first?.receivedAtMs ?? 0)
      assert.ok(pauseMs <= patienceMs, `gave up only after ${pauseMs} ms`)
    },
  })),
  {
    name: '8c',
    title: 'no answer, and the deadline of the call before the time-out',
    args: show,
    env: { DC_READ_TIMEOUT: '60', DC_DEADLINE: '2' },
    script: inTurn('hang'),
    judge(run) {
      refused(run)
      const spentMs = run.endedAtMs - (run.requests[0]?.receivedAtMs ?? 0)
      assert.ok(spentMs < 2_000 + patienceMs, `gave up only after ${spentMs} ms`)
    },
  },
  ...[
    { name: '9a', shape: 'errors[]', body: refusal('invalid_input_field', 'no such serial', 'serial') },
    {
      name: '9b',
      shape: 'error{}',
      body: { error: { code: 'invalid_input_field', message: 'no such serial' }, request_id: requestId },
    },
    {
      name: '9c',
      shape: 'bare members and a numeric code',
      body: {
        errors: [{ code: 'invalid_input_field', message: 'no such serial' }],
        message: 'no such serial',
        code: 400,
        request_id: requestId,
      },
    },
    {
      name: '9d',
      shape: 'nothing but bare members',
      body: { code: 'invalid_input_field', message: 'no such serial', request_id: requestId },
    },
  ].map(({ name, shape, body }) => ({
    name,
    title: `400 with ${shape}, asked for once`,
    args: revoke,
    script: inTurn({ status: 400, body }),
    judge(run: Run) {
      requestCount(run, 1)
      refused(run, /400/, /invalid_input_field/, /no such serial/, new RegExp(requestId))
      if ('errors' in body && name === '9a') assert.match(run.stderr, /\(serial\)/)
    },
  })),
  {
    name: '10',
    title: '401, asked for once',
    args: show,
    script: inTurn({ status: 401, body: refusal('invalid_api_key', 'no such key') }),
    judge(run) {
      requestCount(run, 1)
      refused(run, /401/, /invalid_api_key/, /end date/)
    },
  },
  {
    name: '11',
    title: '204 is a success without a value',
    args: revoke,
    script: inTurn({ status: 204 }),
    judge(run) {
      succeeded(run, `revoked ${serial}`)
      requestCount(run, 1)
      assert.deepEqual(JSON.parse(run.requests[0]?.body ?? ''), { revocation_reason: 'superseded' })
    },
  },
  ...([{ status: 500, body: refusal('internal_server_error', 'oops') }, 'reset'] as const).map(
    (lost: Reply, at) => ({
      name: `12${'ab'[at]}`,
      title: `a POST ${at === 0 ? 'answered 500' : 'broken off'} after the certificate was made`,
      args: issue,
      script: issuing((number) => (number === 1 ? lost : undefined)),
      judge(run: Run) {
        succeeded(run, certificatePem)
        requestCount(run, 4)
        const posts = run.requests.filter(({ path }) => path === '/mpki/api/v1/certificate')
        const keys = new Set(posts.map(({ headers, body }) => `${headers['idempotency-key']} ${body}`))
        assert.equal(keys.size, 1, 'the repetition is not the same request, so there are two certificates')
        for (const { headers } of posts)
          assert.ok(headers['idempotency-key'], 'a POST without idempotency key')
      },
    }),
  ),
  {
    name: '13a',
    title: '502 with a page of HTML',
    args: show,
    script: inTurn(gatewayPage, details),
    judge: (run) => shownAfter(run, 2),
  },
  {
    name: '13b',
    title: '502 with a page of HTML without end',
    args: show,
    script: inTurn(gatewayPage),
    judge(run) {
      requestCount(run, 5)
      refused(run, /502/, /Bad gateway/)
    },
  },
  {
    name: '14',
    title: 'cancelled while it waits',
    args: show,
    interrupts: true,
    script: inTurn(tooMany('90')),
    judge(run) {
      requestCount(run, 1)
      assert.ok(run.interruptedAtMs !== undefined, `never said that it is waiting: ${run.stderr}`)
      const spentMs = run.endedAtMs - run.interruptedAtMs
      assert.ok(spentMs < patienceMs, `ended ${spentMs} ms after it was cancelled`)
      assert.match(run.stderr, /cancelled/)
      assert.equal(run.status, 130)
    },
  },
  {
    name: '0',
    title: 'without a key nothing is sent',
    args: show,
    env: { DC_API_KEY: undefined },
    script: inTurn(details),
    judge(run) {
      requestCount(run, 0)
      assert.equal(run.status, 2)
      assert.match(run.stderr, /DC_API_KEY/)
    },
  },
]
