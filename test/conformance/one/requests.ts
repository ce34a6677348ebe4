import { exchangeRaw, type HttpAnswer } from '../../support/http.ts'
import { type Account, am, issue, pca, privateBody, tlm } from './fixtures.ts'
import type { Rows } from './rows.ts'
import type { World } from './world.ts'

/** What is wrong with the form of requests. */
export async function provokeRequests({ server }: World, account: Account, rows: Rows): Promise<void> {
  // Known only when the server's patience is over.
  const late = exchangeRaw(server.http, `GET ${tlm}/hello HTTP/1.1\r\nHost: h\r\nX-Api-Key: `, {
    timeoutMs: 30_000,
  })
  await provokeBodies(account, rows)
  await provokeMembers(account, rows)
  await provokeParameters(account, rows)
  await rows.refusal(
    'request_unreadable',
    { condition: 'bytes that are no request' },
    exchangeRaw(server.http, `GET ${tlm}/hello HTTP/1.1\r\nno field\r\n\r\n`).then(answerIn),
  )
  await rows.refusal(
    'request_late',
    { condition: 'a request whose header fields do not end', status: 408 },
    late.then(answerIn),
  )
}

/** What came back over a plain connection, as an answer. */
function answerIn({ answer }: { readonly answer: string }): HttpAnswer {
  const [head = '', text = ''] = answer.split('\r\n\r\n', 2)
  const [line = '', ...fields] = head.split('\r\n')
  const headers = fields.map((field) => {
    const [name = '', value = ''] = field.split(': ', 2)
    return [name.toLowerCase(), value]
  })
  return {
    status: Number(line.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: Buffer.from(text),
    text,
    json: () => JSON.parse(text),
  }
}

async function provokeBodies({ client }: Account, rows: Rows): Promise<void> {
  const url = `${tlm}/seat`
  await rows.refusal(
    'body_too_large',
    { condition: 'POST /seat with a body of 100,000 bytes', fills: ['413 request_too_large'] },
    client.call('POST', url, { seat_id: 'x'.repeat(100_000) }),
  )
  await rows.refusal(
    'media_type',
    { condition: 'POST /seat with a form', fills: ['415 unsupported_media_type'] },
    client.call('POST', url, 'seat_id=x', { 'content-type': 'application/x-www-form-urlencoded' }),
  )
  await rows.refusal(
    'head_too_large',
    { condition: 'GET /hello with a query of 9,000 characters', status: 414 },
    client.call('GET', `${tlm}/hello?${'x'.repeat(9_000)}`),
  )
  await rows.refusal(
    'body_unreadable',
    { condition: 'POST /seat with a body cut in the middle' },
    client.call('POST', url, '{"seat_id":"cra'),
  )
  await rows.refusal('body_missing', { condition: 'POST /seat without a body' }, client.call('POST', url))
}

async function provokeMembers(account: Account, rows: Rows): Promise<void> {
  const { client } = account
  await rows.refusal(
    'member_missing',
    { condition: 'POST /seat without `seat_id`', also: (_answer, body) => names(body, 'seat_id') },
    client.call('POST', `${tlm}/seat`, {}),
  )
  await rows.refusal(
    'member_invalid',
    {
      condition: 'POST /seat of a type that there is not',
      fills: ['400 invalid_request'],
      also: (_answer, body) => names(body, 'seat_type.id'),
    },
    client.call('POST', `${tlm}/seat`, { seat_id: 'crane', seat_type: { id: 'BOX_SEAT' } }),
  )
  await rows.refusal(
    'member_short',
    {
      condition: 'POST /enrollment with a chosen code of seven characters',
      also: (_answer, body) => names(body, 'enrollment_code'),
    },
    client.call('POST', `${tlm}/enrollment`, {
      profile: account.profile.id,
      seat: { seat_id: 'crane' },
      enrollment_code: '7 chars',
    }),
  )
  await rows.refusal(
    'member_past',
    {
      condition: 'POST /certificate of Private CA that is to end before it begins',
      also: (_answer, body) => names(body, 'validity.valid_to'),
    },
    client.call(
      'POST',
      `${pca}/certificate`,
      privateBody(account, 'a.harbour.example', { validity: { valid_to: '2001-01-01T00:00:00Z' } }),
    ),
  )
  await rows.refusal(
    'member_not_served',
    {
      condition: 'POST /certificate of Private CA with a public key alone',
      also: (_answer, body) => names(body, 'csr_type'),
    },
    client.call(
      'POST',
      `${pca}/certificate`,
      privateBody(account, 'a.harbour.example', { csr_type: 'spki' }),
    ),
  )
  await rows.refusal(
    'csr',
    { condition: 'a CSR that is none', also: (_answer, body) => names(body, 'csr') },
    issue(account, 'a.harbour.example', { csr: 'MAA=' }),
  )
  await rows.refusal(
    'name',
    {
      condition: 'a DNS name with a blank in it',
      also: (_answer, body) => names(body, 'attributes.extensions.san.dns_names.0'),
    },
    issue(account, 'a.harbour.example', {
      attributes: {
        subject: { common_name: 'a.harbour.example' },
        extensions: { san: { dns_names: ['a b.harbour.example'] } },
      },
    }),
  )
  await rows.refusal(
    'validity',
    { condition: 'a certificate that would outlive its CA' },
    client.call(
      'POST',
      `${pca}/certificate`,
      privateBody(account, 'a.harbour.example', { validity: { valid_to: '2199-01-01T00:00:00Z' } }),
    ),
  )
  await rows.refusal(
    'certificate_refused',
    { condition: 'a certificate of 250 long names where 4 KiB is the largest that is issued' },
    issue(account, 'a.harbour.example', {
      attributes: {
        subject: { common_name: 'a.harbour.example' },
        extensions: {
          san: {
            dns_names: Array.from(
              { length: 249 },
              (_, count) => `${'x'.repeat(60)}.${count}.harbour.example`,
            ),
          },
        },
      },
    }),
  )
}

async function provokeParameters({ client }: Account, rows: Rows): Promise<void> {
  const search = (query: string) => client.call('GET', `${tlm}/certificate-search?${query}`)
  await rows.refusal(
    'parameter_missing',
    {
      condition: 'GET /api-access-token without `user_id`',
      also: (_answer, body) => names(body, 'user_id'),
    },
    client.call('GET', `${am}/api-access-token`),
  )
  await rows.refusal(
    'parameter_invalid',
    {
      condition: 'GET /certificate-search?limit=many',
      fills: ['400 invalid_input_field'],
      also: (_answer, body) => names(body, 'limit'),
    },
    search('limit=many'),
  )
  await rows.refusal(
    'parameter_too_small',
    { condition: 'GET /certificate-search?limit=0', also: (_answer, body) => names(body, 'limit') },
    search('limit=0'),
  )
  await rows.refusal(
    'window_too_deep',
    {
      condition: 'GET /certificate-search?offset=9901&limit=100',
      fills: ['400 pagination_limit_exceeded', 'page too deep'],
      also: (_answer, body) => body.max_result_window === 10_000 && body.max_limit === 100,
    },
    search('offset=9901&limit=100'),
  )
}

/** Whether an error names the field. */
function names({ errors }: Readonly<Record<string, unknown>>, field: string): boolean {
  return Array.isArray(errors) && errors.some((error) => error?.field === field)
}
