import { order, privateOrder, type Shop } from './fixtures.ts'
import type { Rows } from './rows.ts'
import { type Client, idOf, textOf, type World } from './world.ts'

/** Who may do what, and what is not there. */
export async function provokeAccess(world: World, { client, organization }: Shop, rows: Rows): Promise<void> {
  const { stranger } = world.tenants
  const unknown = client.as(`${'0'.repeat(26)}_${'0'.repeat(64)}`)
  await rows.add(
    'access_denied|access_denied_invalid_key',
    'GET /user/me with a key that was never given',
    unknown.call('GET', '/user/me'),
  )
  const viewer = client.as(await restrictedKey(client, 102))
  await rows.add(
    'access_denied|missing_permission',
    'POST /organization with a key that may only view',
    viewer.call('POST', '/organization', {}),
  )
  await rows.add('not_found|route', 'GET /container123', client.call('GET', '/container123'))
  await rows.add(
    'not_found',
    'GET /domain/{id} of a domain that does not exist',
    client.call('GET', '/domain/999999'),
  )
  const own = await privateOrder({ client, organization, domain: 0 }, 'own.internal')
  await rows.add(
    'not_found|order',
    "GET /order/certificate/{id} of another account's order",
    stranger.call('GET', `/order/certificate/${own.id}`),
  )
  await rows.add(
    'not_found|product',
    'POST /order/certificate/no_such_product',
    order(client, 'no_such_product', { organization }),
  )
  await rows.add(
    'not_acceptable',
    'GET /user/me with `Accept: image/png`',
    client.call('GET', '/user/me', undefined, { accept: 'image/png' }),
  )
  await provokeRate(world, rows)
}

/** In an hour, so that it does not matter how long the calls take. */
const allowed = 20

async function provokeRate({ command, tenants: { busy } }: World, rows: Rows): Promise<void> {
  await command('limits', 'set', '--account', String(busy.account), `certcentral=${allowed}/1h`)
  const answers = await Promise.all(Array.from({ length: allowed + 1 }, () => busy.call('GET', '/user/me')))
  const refused = answers.find(({ status }) => status !== 200) ?? answers[0]
  if (refused === undefined) throw new Error('nothing was asked')
  await rows.add(
    'request_limit_exceeded',
    `${allowed + 1} calls of one key at once where ${allowed} in an hour are allowed`,
    refused,
  )
}

async function restrictedKey(client: Client, role: number): Promise<string> {
  const me = await client.good('GET', '/user/me')
  const made = await client.good('POST', `/key/user/${idOf(me)}`, {
    name: 'restricted',
    restricted_to_role_id: role,
  })
  return textOf(made, 'api_key')
}
