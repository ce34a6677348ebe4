import { type Account, am, newProgram } from './fixtures.ts'
import { certificateClient } from './mutual-tls.ts'
import { until } from './outages.ts'
import type { Rows } from './rows.ts'
import type { Client, World } from './world.ts'

const dayMs = 86_400_000
const trouble = 'everything stops at midnight UTC'
const expired = '401: the client certificate has expired'

/** Credentials whose last day is tomorrow. */
export interface Ending {
  /** 00:00:00 UTC of the day after. */
  readonly end: number
  readonly byKey: Client
  readonly byCertificate: Client
}

const owner = 'ops@harbour.example'

export async function makeEnding(world: World, account: Account): Promise<Ending> {
  const end = (Math.floor(Date.now() / dayMs) + 2) * dayMs
  const endDate = new Date(end - dayMs).toISOString().slice(0, 10)
  const { key } = await newProgram(account.client, 'ending', ['AM_DEFAULT_USER'], {
    end_date: endDate,
    email: owner,
  })
  const { client } = await certificateClient(world, account, 'ending laptop', endDate)
  return { end, byKey: account.client.as(key), byCertificate: client }
}

/** Owners are looked after whenever the program starts; it has started since the credentials were made. */
export async function seeNotice({ smtp }: World, rows: Rows): Promise<void> {
  const find = async () => smtp.received.find(({ content }) => content.includes('"ending" works until'))
  const mail = await until(find, (found) => found !== undefined)
  rows.seen(
    trouble,
    'the owner of a key is told by mail the day before its last day',
    mail?.to.includes(owner) === true ? mail.content : undefined,
  )
}

/** The clock of the running program passes midnight UTC at the end of the credentials' last day. */
export async function provokeMidnight(
  world: World,
  { end, byKey, byCertificate }: Ending,
  rows: Rows,
): Promise<void> {
  const key = () => byKey.call('GET', `${am}/user/me`)
  const certificate = () => byCertificate.call('GET', `${am}/user/me`)
  await world.moveClock(end - 60_000)
  await rows.success(trouble, 'GET /user/me with a key in the last minute of its last day', 200, key())
  await rows.success(
    expired,
    'GET /user/me with a client certificate in the last minute of its last day',
    200,
    certificate(),
  )
  await world.moveClock(end)
  await rows.refusal('key_invalid', { condition: 'the same key at 00:00:00 UTC', fills: [trouble] }, key())
  await rows.refusal(
    'key_invalid',
    { condition: 'the same client certificate at 00:00:00 UTC', fills: [expired] },
    certificate(),
  )
}
