import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { verdict } from './judge.ts'
import { startScenario } from './scenario-server.ts'
import { certificatePem, type Run, type Scenario, scenarios, serial } from './scenarios.ts'

/** The cases must fail clients that get them wrong: each of these makes one of the mistakes of well-known samples. */

const apiKey = 'k'.repeat(40)

interface Outcome {
  readonly status: number
  readonly stdout?: string
  readonly stderr?: string
}

interface Attempt {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | undefined
}

type Send = (attempt: Attempt) => Promise<Response>

const paths: Readonly<Record<string, Omit<Attempt, 'headers'>>> = {
  issue: { method: 'POST', path: '/mpki/api/v1/certificate', body: '{}' },
  show: { method: 'GET', path: `/mpki/api/v1/certificate/${serial}`, body: undefined },
  revoke: {
    method: 'PUT',
    path: `/mpki/api/v1/certificate/${serial}/revoke`,
    body: '{"revocation_reason":"superseded"}',
  },
}

/** Plays a scenario against a client that runs in this process. */
async function judged(
  name: string,
  client: (send: Send, call: Attempt) => Promise<Outcome>,
): Promise<string> {
  const scenario = named(name)
  const server = await startScenario(scenario.script())
  try {
    const call = paths[scenario.args[0] ?? '']
    assert.ok(call !== undefined)
    const headers: Record<string, string> = {
      'x-api-key': apiKey,
      'x-dc-transactionid': '8b6e0000-0000-4000-8000-000000000001',
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
    }
    const send: Send = ({ method, path, headers, body }) =>
      fetch(server.url + path, { method, headers, ...(body !== undefined && { body }) })
    const { status, stdout = '', stderr = '' } = await client(send, { ...call, headers })
    const run: Run = { requests: [...server.requests], status, stdout, stderr, endedAtMs: performance.now() }
    return verdict(scenario, run, apiKey) ?? 'passed'
  } finally {
    await server.close()
  }
}

function named(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name)
  assert.ok(scenario !== undefined)
  return scenario
}

const shown = { status: 0, stdout: `${serial} issued` }

/** Tries again at once, as often as it takes. */
async function impatient(send: Send, call: Attempt): Promise<Outcome> {
  for (let attempt = 1; attempt < 20; attempt++) {
    const response = await send(call).catch(() => undefined)
    await response?.text()
    if (response?.ok) return shown
  }
  return { status: 1 }
}

/** Does it once and gives up. */
async function faint(send: Send, call: Attempt): Promise<Outcome> {
  const response = await send(call).catch(() => undefined)
  return response?.ok ? shown : { status: 1, stderr: `${response?.status} ${await response?.text()}` }
}

suite('the cases fail a client that', () => {
  test('does not wait as long as it is told', async () => {
    for (const name of ['2a', '2b', '2c']) {
      assert.match(await judged(name, impatient), /came back after \d+(\.\d+)? ms, told 3000/)
    }
  })

  test('goes by its own clock when the clock of the server is wrong', async () => {
    const byOwnClock = async (send: Send, call: Attempt): Promise<Outcome> => {
      const retryAfter = (await send(call)).headers.get('retry-after') ?? ''
      await delay(Math.min(5_000, Math.max(0, Date.parse(retryAfter) - Date.now())))
      return faint(send, call)
    }
    assert.match(await judged('2a', byOwnClock), /came back after/)
  })

  test('does not come back', async () => {
    for (const name of ['4', '5a', '5b', '7', '13a']) assert.match(await judged(name, faint), /exit status 1/)
    for (const name of ['1', '2a', '12a']) assert.notEqual(await judged(name, faint), 'passed')
  })

  test('comes back when it must not', async () => {
    for (const name of ['6', '9a', '10'])
      assert.match(await judged(name, impatient), /19 requests, expected 1/)
    assert.match(await judged('13b', impatient), /19 requests, expected 5/)
  })

  test('makes a second certificate', async () => {
    const twice =
      (keys: readonly string[]) =>
      async (send: Send, call: Attempt): Promise<Outcome> => {
        for (const key of keys) {
          await send({ ...call, headers: { ...call.headers, ...(key !== '' && { 'idempotency-key': key }) } })
        }
        for (let pickup = 0; pickup < 2; pickup++) {
          await send({ ...call, path: '/mpki/api/v1/certificate-pickup/made-1' })
        }
        return { status: 0, stdout: certificatePem }
      }
    assert.match(await judged('12a', twice(['a', 'b'])), /two certificates/)
    assert.match(await judged('12a', twice(['', ''])), /without idempotency key/)
    assert.equal(await judged('12a', twice(['a', 'a'])), 'passed')
  })

  test('loses what the server said', async () => {
    const mute = async (send: Send, call: Attempt): Promise<Outcome> => {
      await send(call)
      return { status: 1, stderr: '400' }
    }
    for (const name of ['9a', '9b', '9c', '9d']) assert.match(await judged(name, mute), /invalid_input_field/)
    assert.equal(await judged('9b', faint), 'passed')
    assert.match(await judged('10', faint), /end date/)
  })

  test('shows the key, or forgets its headers', async () => {
    const leaking = async (send: Send, call: Attempt): Promise<Outcome> => {
      await (await send(call)).text()
      await send(call)
      return { ...shown, stderr: `sent x-api-key: ${apiKey}` }
    }
    assert.match(await judged('13a', leaking), /key is in the output/)
    for (const [header, complaint] of [
      ['x-api-key', /without the key/],
      ['x-dc-transactionid', /without a request id/],
    ] as const) {
      const forgetful = (send: Send, call: Attempt): Promise<Outcome> => {
        const headers = Object.fromEntries(Object.entries(call.headers).filter(([name]) => name !== header))
        return impatient(send, { ...call, headers })
      }
      assert.match(await judged('13a', forgetful), complaint)
    }
    assert.equal(await judged('13a', impatient), 'passed')
  })

  test('was never seen to wait when it was to be cancelled', async () => {
    assert.match(await judged('14', faint), /never said that it is waiting/)
  })
})
