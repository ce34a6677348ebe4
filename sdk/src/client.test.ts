import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { ChanceryClient } from './client.ts'
import { ChanceryError } from './errors.ts'
import { apiKey, type Step, scripted } from './testing/scripted.ts'

const empty: Step = { status: 200, body: {} }
const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

test('all attempts of a call carry one request id, and a POST one idempotency key', async () => {
  const { client, requests } = scripted([{ status: 503 }, { status: 503 }, empty])
  await client.trustLifecycle.seats.create({ business_unit_id: 'b', seat_id: 's' })
  for (const header of ['x-dc-transactionid', 'idempotency-key']) {
    const values = new Set(requests.map(({ headers }) => headers[header]))
    assert.equal(values.size, 1)
    assert.match([...values][0] ?? '', uuid)
  }
  await client.trustLifecycle.seats.create({ business_unit_id: 'b', seat_id: 's' })
  assert.notEqual(requests.at(-1)?.headers['idempotency-key'], requests[0]?.headers['idempotency-key'])
})

test('a POST that only reads carries no idempotency key, nor do other methods', async () => {
  const { client, requests } = scripted([empty])
  await client.trustLifecycle.certificates.pickUp('r', { profile: { id: 'p' } })
  await client.trustLifecycle.certificates.details('00')
  assert.deepEqual(
    requests.map(({ headers }) => headers['idempotency-key']),
    [undefined, undefined],
  )
})

test('parameters of a path are one segment each, and none leads elsewhere', async () => {
  const { client, requests } = scripted([empty])
  const key = { seat_type_id: 'DEVICE_SEAT' } as const
  await client.trustLifecycle.seats.details('a b/../c?d@e', key)
  assert.equal(
    requests[0]?.url,
    'https://ca.example/mpki/api/v1/seat/a%20b%2F..%2Fc%3Fd%40e?seat_type_id=DEVICE_SEAT',
  )
  for (const id of ['', '.', '..']) {
    assert.throws(() => client.trustLifecycle.seats.details(id, key), /cannot be part of a path/)
  }
  assert.equal(requests.length, 1)
})

test('a query leaves out what is undefined and repeats what is a list', async () => {
  const { client, requests } = scripted([{ status: 200, body: { items: [] } }])
  await client.trustLifecycle.certificates.search({ tags: ['a&b', 'c'], limit: 5, sort: [] })
  assert.equal(
    requests[0]?.url,
    'https://ca.example/mpki/api/v1/certificate-search?tags=a%26b&tags=c&limit=5',
  )
})

test('If-Match, language and account go out as headers, and the answer shows its own', async () => {
  const step: Step = { status: 204, headers: { etag: '"8"' } }
  const { client, requests } = scripted([step], { language: 'ja', accountId: 'acc' })
  let seen: unknown
  const onAnswer = (status: number, header: (name: string) => string | null): void => {
    seen = [status, header('etag')]
  }
  await client.accountManager.updateToken('t', { status: 'disabled' }, { ifMatch: '"7"', onAnswer })
  const { headers = {} } = requests[0] ?? {}
  assert.deepEqual(
    [headers['if-match'], headers['accept-language'], headers['x-dc-accountid']],
    ['"7"', 'ja', 'acc'],
  )
  assert.deepEqual(seen, [204, '"8"'])
})

test('the API key is in no error, event or printed client, also when the server quotes it', async () => {
  const body = { errors: [{ code: 'invalid_api_key', message: `no key ${apiKey}`, field: apiKey }] }
  const steps: readonly Step[] = [
    { status: 401, body },
    { status: 500, body: `<p>${apiKey}` },
    'reset',
    'hang',
  ]
  for (const step of steps) {
    const { client, events } = scripted([step])
    const error = await client.trustLifecycle.hello().then(assert.fail, (error: unknown) => error)
    assert.ok(error instanceof ChanceryError)
    const told = [
      error,
      { ...error },
      error.message,
      error.stack,
      error.rawBody,
      error.errors,
      events,
      client,
    ]
    const printed = told.map((each) => inspect(each, { depth: 20, showHidden: true })).join('\n')
    assert.ok(!printed.includes(apiKey), printed)
  }
})

test('a printed error does not print the body', async () => {
  const { client } = scripted([{ status: 200, body: '{"token":"shown once"' }])
  const error = await client.accountManager.createToken({ user_id: 'u', name: 'n' }).then(
    () => assert.fail('read'),
    (error: unknown) => error,
  )
  assert.ok(error instanceof ChanceryError)
  assert.deepEqual(
    [error.kind, error.retryable, error.rawBody],
    ['unreadable', false, '{"token":"shown once"'],
  )
  assert.ok(!inspect(error).includes('shown once'))
})

test('options that cannot work are refused without quoting the key', () => {
  const refused: readonly (readonly [ConstructorParameters<typeof ChanceryClient>[0], RegExp])[] = [
    [{ baseUrl: 'ca.example' }, /not an address/],
    [{ baseUrl: 'http://ca.example' }, /must be https/],
    [{ baseUrl: 'http://127.0.0.1.example' }, /must be https/],
    [{ baseUrl: 'ftp://127.0.0.1' }, /must be https/],
    [{ baseUrl: 'https://u:p@ca.example' }, /no user/],
    [{ baseUrl: 'https://ca.example?x=1' }, /no user, query/],
    [{ baseUrl: 'https://ca.example', apiKey: '' }, /is it set/],
    [{ baseUrl: 'https://ca.example', apiKey: 'secret\n' }, /^TypeError: apiKey must(?!.*secret)/],
    [{ baseUrl: 'https://ca.example', retry: { attempts: 0 } }, /retry attempts/],
  ]
  for (const [options, message] of refused) assert.throws(() => new ChanceryClient(options), message)
  for (const baseUrl of ['http://localhost:8080/', 'http://[::1]:8080', 'https://ca.example/behind/proxy/']) {
    assert.ok(new ChanceryClient({ baseUrl }))
  }
})

test('a listener that throws does not break the call, and hears of each attempt and wait', async () => {
  const heard: string[] = []
  const { client } = scripted([{ status: 503, headers: { 'retry-after': '1' } }, 'reset', empty], {
    onEvent: (event) => {
      heard.push(event.type === 'wait' ? `wait ${event.delayMs} ${event.isTold}` : event.type)
      throw new Error('log is full')
    },
  })
  await client.privateCa.authority('1')
  assert.deepEqual(heard, [
    ...['attempt', 'response', 'wait 1050 true'],
    ...['attempt', 'no_response', 'wait 1000 false'],
    ...['attempt', 'response'],
  ])
})

test('an answer of another kind than the call gives fails as unreadable', async () => {
  for (const body of ['<html>', '[]', 'null', '"x"', '']) {
    const { client } = scripted([{ status: 200, body }])
    await assert.rejects(client.trustLifecycle.certificates.details('00'), {
      kind: 'unreadable',
      status: 200,
    })
  }
  const { client } = scripted([{ status: 200, body: {} }])
  await assert.rejects(client.accountManager.accounts(), { kind: 'unreadable' })
})

test('lists of Private CA may be answered 204', async () => {
  const { client } = scripted([{ status: 204 }])
  assert.deepEqual((await client.privateCa.authorities()).items, [])
})

test('a redirect is no answer and is not followed', async () => {
  for (const status of [0, 301, 307]) {
    const { client, requests } = scripted([{ status, headers: { location: 'https://elsewhere.example' } }])
    await assert.rejects(client.trustLifecycle.hello(), /a redirect, which is not followed/)
    assert.equal(requests.length, 1)
  }
})

test('a call without a method of its own is made with the same retries', async () => {
  const { client, requests } = scripted([{ status: 503 }, { status: 200, body: ['x'] }, { status: 204 }])
  assert.deepEqual(await client.request('GET', '/mpki/api/v1/seat-types', { query: { a: 1 } }), ['x'])
  assert.equal(await client.request('POST', '/mpki/api/v1/x', { body: { a: 1 } }), undefined)
  assert.deepEqual(
    requests.map(({ method, body }) => [method, body]),
    [
      ['GET', undefined],
      ['GET', undefined],
      ['POST', '{"a":1}'],
    ],
  )
})
