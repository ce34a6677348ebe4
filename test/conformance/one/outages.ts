import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { accountIntegrity } from '../../../src/core/accounts/account-integrity.ts'
import { accountId } from '../../../src/core/brand.ts'
import { compose } from '../../../src/server/compose.ts'
import { readConfiguration } from '../../../src/server/configuration/configuration.ts'
import { openHighWaterFile } from '../../../src/store/high-water-file.ts'
import type { RunningServer } from '../../support/process.ts'
import { silentLog } from '../../support/stores.ts'
import { type Account, am, issue, issued, tlm } from './fixtures.ts'
import type { Rows } from './rows.ts'
import { members, type World } from './world.ts'

const dayMs = 86_400_000

/** What is wrong on our side: maintenance, a store that another program holds, records that were changed. */
export async function provokeOutages(
  world: World,
  account: Account,
  other: Account,
  rows: Rows,
): Promise<void> {
  await provokeMaintenance(world, account, rows)
  await provokeLock(world, account, rows)
  await provokeClock(world, account, rows)
  await provokeGrants(world, other, rows)
  await provokeAccounts(world, rows)
}

async function provokeMaintenance(world: World, { client }: Account, rows: Rows): Promise<void> {
  await world.command('maintenance', 'on', '--for', '10m')
  const hello = () => client.call('GET', `${tlm}/hello`)
  const closed = await until(hello, ({ status }) => status === 503)
  await rows.refusal(
    'unavailable',
    { condition: 'GET /hello during maintenance', fills: ['503 service_unavailable', '503: maintenance'] },
    closed,
  )
  await world.command('maintenance', 'off')
  // Each request loop looks for itself; they answer in turns, so so many in a row are of all.
  let open = 0
  await until(hello, ({ status }) => {
    open = status === 200 ? open + 1 : 0
    return open === 10
  })
}

async function provokeLock({ server }: World, account: Account, rows: Rows): Promise<void> {
  const database = new DatabaseSync(join(server.dataFolder, 'chancery.db'))
  try {
    database.exec('PRAGMA busy_timeout = 10000')
    database.exec('BEGIN IMMEDIATE')
    await rows.refusal(
      'unavailable',
      {
        condition: 'an issue request while another program keeps the database locked',
        fills: ['503: an outage behind the API'],
      },
      issue(account, 'locked.harbour.example'),
    )
    database.exec('ROLLBACK')
  } finally {
    database.close()
  }
}

async function provokeClock(world: World, account: Account, rows: Rows): Promise<void> {
  await issued(account, 'timely.harbour.example')
  await world.moveClock(Date.now() - dayMs)
  await rows.refusal(
    'signing_clock',
    { condition: 'an issue request while the clock is a day behind the last signature' },
    // Each request loop compares with what it signed itself.
    until(
      () => issue(account, 'early.harbour.example'),
      ({ status }) => status === 503,
    ),
  )
  await world.moveClock(Date.now())
}

async function provokeGrants(world: World, { client, ...account }: Account, rows: Rows): Promise<void> {
  const { cas: authorities } = await world.command('ca', 'list', '--account', String(client.account))
  if (!Array.isArray(authorities)) throw new Error('no list of CAs')
  const issuing = authorities.map(members).find(({ parent_id }) => parent_id != null)
  await world.command('ca', 'set', String(issuing?.ca_id), 'hold=off')
  const serial = await issued({ client, ...account }, 'held.stranger.example')
  await rows.refusal(
    'status_change',
    { condition: 'a certificate put on hold where the operator took that from its CA' },
    client.call('PUT', `${tlm}/certificate/${serial}/revoke`, { revocation_reason: 'certificate_hold' }),
  )
}

async function provokeAccounts({ server, tenants }: World, rows: Rows): Promise<void> {
  await disable(server.dataFolder, tenants.closed.account)
  await rows.refusal(
    'account_disabled',
    { condition: 'GET /user/me of an account that is disabled' },
    tenants.closed.call('GET', `${am}/user/me`),
  )
  edit(
    server.dataFolder,
    "UPDATE account SET name = name || ' (changed)' WHERE id = ?",
    tenants.changed.account,
  )
  // The record as it was is remembered until something of the configuration changes.
  edit(server.dataFolder, "UPDATE counter SET value = value + 1 WHERE name = 'configuration'")
  await rows.refusal(
    'internal',
    {
      condition: 'the account record was changed in the store, so its integrity check fails',
      fills: ['500 internal_server_error'],
    },
    tenants.changed.call('GET', `${am}/user/me`),
  )
}

/** Stops the program, spoils the record of the account's CA and the marks, and starts it again to stay. */
export async function provokeBrokenAuthority(
  world: World,
  account: Account,
  other: Account,
  rows: Rows,
): Promise<RunningServer> {
  const { server, client } = { server: world.server, client: account.client }
  await server.stop()
  edit(
    server.dataFolder,
    `UPDATE authority SET certificate_der = substr(certificate_der, 1, 100)
     WHERE account_id = ? AND parent_id IS NOT NULL`,
    client.account,
  )
  const marks = openHighWaterFile(join(server.dataFolder, 'high-water.json'))
  const { crlNumbers } = await marks.read()
  await marks.raise({
    crlNumbers: Object.fromEntries(Object.entries(crlNumbers).map(([crl, number]) => [crl, number + 1])),
    chains: {},
  })
  const restarted = await world.restart()
  const ask = () => issue(other, 'restored.stranger.example')
  await rows.refusal(
    'signing_restored',
    { condition: 'an issue request while the database is older than the CRLs published from it' },
    ask(),
  )
  await world.command('recover', '--confirm')
  await until(ask, ({ status }) => status === 201)
  await rows.refusal(
    'authority_unusable',
    {
      condition: 'an issue request while the record of its CA cannot be opened',
      fills: ['500 internal_server_error'],
    },
    issue(account, 'broken.harbour.example'),
  )
  return restarted
}

/** Asks again until an answer is the one; the last answer after a minute. */
export async function until<Answer>(
  ask: () => Promise<Answer>,
  isIt: (answer: Answer) => boolean,
): Promise<Answer> {
  for (let waitedMs = 0; ; waitedMs += 100) {
    const answer = await ask()
    if (isIt(answer) || waitedMs >= 60_000) return answer
    await delay(100)
  }
}

/** Disables an account as its record says it, with its integrity value. */
async function disable(dataFolder: string, id: number): Promise<void> {
  const { engine, close } = await compose(readConfiguration({ data: dataFolder }, {}), {
    log: silentLog,
    processName: 'conformance',
    create: false,
  })
  try {
    await engine.store.write(function* (transaction) {
      const account = yield* transaction.accounts.byId(accountId(id))
      if (account === undefined) throw new Error(`no account ${id}`)
      const disabled = { ...account, status: 'disabled' as const }
      yield* transaction.accounts.update({
        ...disabled,
        integrity: accountIntegrity(engine.sealer, disabled),
      })
      transaction.configurationChanged()
    })
  } finally {
    await close()
  }
}

function edit(dataFolder: string, sql: string, ...values: readonly SQLInputValue[]): void {
  const database = new DatabaseSync(join(dataFolder, 'chancery.db'))
  try {
    const { changes } = database.prepare(sql).run(...values)
    if (Number(changes) !== 1) throw new Error(`${changes} rows instead of one: ${sql}`)
  } finally {
    database.close()
  }
}
