import { type Account, am, issue, issued, newProgram, pca, tlm } from './fixtures.ts'
import type { Rows } from './rows.ts'
import type { World } from './world.ts'

/** Who may do what, where, and how often. */
export async function provokeAccess(
  world: World,
  account: Account,
  other: Account,
  rows: Rows,
): Promise<void> {
  await provokeKeys(account, rows)
  await provokeRights(account, other, rows)
  await provokeForeign(account, other, rows)
  await provokeRate(world, rows)
}

async function provokeKeys({ client }: Account, rows: Rows): Promise<void> {
  const hello = (key: string) => client.as(key).call('GET', `${tlm}/hello`)
  const challenges = ({ headers }: { headers: object }) => 'www-authenticate' in headers
  await rows.refusal(
    'key_invalid',
    {
      condition: 'GET /hello without x-api-key',
      fills: ['401 invalid_api_key', '401: x-api-key is missing'],
      also: challenges,
    },
    hello(''),
  )
  await rows.refusal(
    'key_invalid',
    {
      condition: 'GET /hello with a key that was never given',
      fills: ['401: x-api-key is wrong'],
      also: challenges,
    },
    hello(`${'0'.repeat(26)}_${'0'.repeat(64)}`),
  )
  const program = await newProgram(client, 'key bearer', ['AM_DEFAULT_USER'])
  await client.good('PUT', `${am}/api-access-token/${program.tokenId}`, { status: 'disabled' })
  await rows.refusal(
    'key_invalid',
    { condition: 'GET /hello with a token that is disabled', fills: ['401: x-api-key is wrong'] },
    hello(program.key),
  )
  await client.good('DELETE', `${am}/api-access-token/${program.tokenId}`)
  await rows.refusal(
    'key_invalid',
    { condition: 'GET /hello with a token that was deleted', fills: ['401: x-api-key is wrong'] },
    hello(program.key),
  )
}

async function provokeRights(account: Account, other: Account, rows: Rows): Promise<void> {
  const { client } = account
  const viewer = client.as((await newProgram(client, 'viewer', ['AM_DEFAULT_USER'])).key)
  await rows.refusal(
    'permission',
    {
      condition: 'GET /certificate-search with a service user of another product',
      fills: ['403 access_denied', '403: a role is missing'],
    },
    viewer.call('GET', `${tlm}/certificate-search`),
  )
  await rows.refusal(
    'account_foreign',
    { condition: "X-DC-AccountId with another account's id" },
    client.call('GET', `${tlm}/hello`, undefined, { 'x-dc-accountid': other.id }),
  )
  await rows.refusal(
    'route',
    { condition: 'GET /mpki/api/v1/profiles', fills: ['unknown path'] },
    client.call('GET', `${tlm}/profiles`),
  )
  await rows.refusal(
    'method',
    {
      condition: 'DELETE /hello',
      fills: ['405 method_not_allowed'],
      also: ({ headers }) => headers.allow === 'GET',
    },
    client.call('DELETE', `${tlm}/hello`),
  )
}

async function provokeForeign(account: Account, other: Account, rows: Rows): Promise<void> {
  const { client } = account
  const nothing = '00000000-0000-4000-8000-000000000000'
  await rows.refusal(
    'profile_not_accessible',
    { condition: 'an issue request for a profile that does not exist', fills: ['profile absent'] },
    issue(account, 'a.harbour.example', { profile: { id: nothing } }),
  )
  await rows.refusal(
    'profile_not_accessible',
    { condition: "an issue request for another account's profile", fills: ['profile of another account'] },
    issue(account, 'a.harbour.example', { profile: { id: other.profile.id } }),
  )
  await rows.refusal(
    'business_unit',
    {
      condition: 'GET /business-unit/{id} of one that does not exist',
      fills: ['403 no_access', 'business unit absent'],
    },
    client.call('GET', `${tlm}/business-unit/${nothing}`),
  )
  await rows.refusal(
    'business_unit',
    {
      condition: "GET /business-unit/{id} of another account's",
      fills: ['business unit of another account'],
    },
    client.call('GET', `${tlm}/business-unit/${other.unit}`),
  )
  await rows.refusal(
    'object',
    {
      condition: 'GET /seat/{seat_id} of one that does not exist',
      fills: ['404 resource_not_found', 'seat absent'],
    },
    client.call('GET', `${tlm}/seat/nobody?seat_type_id=SERVER_SEAT`),
  )
  const serial = await issued(other, 'x.stranger.example')
  await rows.refusal(
    'object',
    {
      condition: "GET /certificate/{serial} of another account's certificate",
      fills: ['certificate of another account'],
    },
    client.call('GET', `${tlm}/certificate/${serial}`),
  )
  await rows.refusal(
    'object',
    {
      condition: 'GET /ca/{id} of one that does not exist',
      fills: ['numeric code at Private CA'],
      also: (_answer, { code }) => code === 404,
    },
    client.call('GET', `${pca}/ca/${nothing}`),
  )
}

/** In an hour, so that it does not matter how long the calls take; both APIs have more of them than are allowed. */
const [allowed, calls] = [20, 50]

async function provokeRate({ command, tenants: { busy } }: World, rows: Rows): Promise<void> {
  await command('limits', 'set', '--account', String(busy.account), `one=${allowed}/1h`)
  const answers = await Promise.all(
    Array.from({ length: calls }, (_, count) =>
      busy.call('GET', count % 2 === 0 ? `${tlm}/hello` : `${am}/user/me`),
    ),
  )
  const refused = answers.filter(({ status }) => status !== 200)
  const [sample] = answers
  if (sample === undefined) throw new Error('nothing was asked')
  const condition = `${calls} calls of one key at once where ${allowed} in an hour are allowed`
  const isOf = (code: string) => refused.find(({ text }) => text.includes(`"code":"${code}"`)) ?? sample
  await rows.refusal(
    'rate',
    { condition, fills: ['429 rate_limit_exceeded', '429: a burst'] },
    isOf('rate_limit_exceeded'),
  )
  await rows.refusal(
    'rate_mpki',
    { condition, fills: ['429 client_error', 'too many requests at Trust Lifecycle Manager'] },
    isOf('client_error'),
  )
}
