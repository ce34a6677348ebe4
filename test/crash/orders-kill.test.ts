import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { systemCaller } from '../../src/core/audit/caller.ts'
import { accountId } from '../../src/core/brand.ts'
import { recoverReservations } from '../../src/core/certificates/recover.ts'
import { advanceOrder } from '../../src/core/orders/advance-order.ts'
import { orders } from '../../src/core/orders/orders.ts'
import { originCode } from '../../src/store/programs/certificate-row.ts'
import { Client, idOf, newCsr } from '../conformance/certcentral/world.ts'
import { openEngine } from '../support/engine.ts'
import { chancery, freePort, type RunningServer, startServer } from '../support/process.ts'
import { type StoreKind, storeKinds } from '../support/stores.ts'
import { temporaryFolder } from '../support/tmp.ts'

/** Lives of the server, each ended by SIGKILL of all its processes while orders are under way. */
const lives = { SQLite: 5, PostgreSQL: 2 } as const
const LOOPS = 6
/** Answers in each life before it ends. */
const ENOUGH_ACTS = 8
const LONGEST_WAIT_MS = 30_000
/** Longer than any claim and reservation is anybody's. */
const LATER_MS = 10 * 60_000

interface Told {
  readonly order: number
  readonly serialNumber: string
}

/** What was answered; whatever the server died over is not here. */
interface History {
  readonly issued: Told[]
  /** Order ids by the caller's own ids. */
  readonly named: Map<string, Set<number>>
  readonly approved: number[]
  readonly revoked: number[]
}

for (const kind of storeKinds) {
  test(
    `S1 ${kind.name}, a server killed ${lives[kind.name]} times while it takes orders: none that was answered is lost, none is made twice`,
    {
      skip: kind.skip,
    },
    (context) => killWhileOrdering(context, kind),
  )
}

async function killWhileOrdering(context: TestContext, kind: StoreKind): Promise<void> {
  const dataFolder = join(temporaryFolder(context, 'orders'), 'data')
  const { location } = await kind.place(context)
  const isSqlite = 'sqlitePath' in location
  const store = isSqlite ? [] : ['--database-url', location.url]
  const ports = { http: await freePort(), https: await freePort() }
  const start = () =>
    startServer(context, { dataFolder, ports, processes: 2, args: [...store, '--rate-limits', 'off'] })
  const history: History = { issued: [], named: new Map(), approved: [], revoked: [] }
  let server = await start()
  const { client, organization, account } = await openAccount(server, store)
  for (let life = 1; life <= lives[kind.name]; life++) {
    const stop = new AbortController()
    const loops = Array.from({ length: LOOPS }, (_, loop) =>
      orderUntil(stop.signal, client, organization, history, `${life}-${loop}`),
    )
    await hasGrown(history)
    await delay(Math.random() * 400)
    await server.kill()
    stop.abort()
    await Promise.all(loops)
    server = await start()
  }
  await repeatNamed(client, organization, history)
  await server.stop()
  context.diagnostic(
    `${history.issued.length} orders issued, ${history.named.size} named, ${history.approved.length} approved`,
  )
  assert.ok(history.issued.length > lives[kind.name] && history.approved.length > 0, 'there was load')

  const engine = await openEngine({
    folder: dataFolder,
    ...(isSqlite ? {} : { location }),
    startAt: Date.now() + LATER_MS,
  })
  context.after(() => engine.close())
  await recoverReservations(engine)
  await finishAll(engine, account)
  await compare(engine, account, history)
}

/** Waits until a few more acts were answered, however slow the machine. */
async function hasGrown(history: History): Promise<void> {
  const acts = () => history.issued.length + history.approved.length
  const enough = acts() + ENOUGH_ACTS
  for (let waited = 0; acts() < enough && waited < LONGEST_WAIT_MS; waited += 10) await delay(10)
}

async function openAccount(server: RunningServer, store: readonly string[]) {
  const arguments_ = [
    'account',
    'create',
    '--email',
    'ada@example.test',
    '--json',
    '--data',
    server.dataFolder,
  ]
  const { stdout, stderr } = await chancery([...arguments_, ...store])
  assert.notEqual(stdout, '', stderr)
  const created = JSON.parse(stdout)
  const client = new Client(`${server.http}/services/v2`, created.api_key, created.account_id)
  const organization = idOf(
    await client.good('POST', '/organization', {
      ...{
        name: 'Example Ltd',
        address: '1',
        zip: '8010',
        city: 'Graz',
        state: 'Styria',
        country: 'at',
        telephone: '1',
      },
      organization_contact: { first_name: 'A', last_name: 'B', email: 'a@example.test', telephone: '1' },
    }),
  )
  return { client, organization, account: accountId(created.account_id) }
}

/** Orders in every way until told to end; what is not answered was the server's death. */
async function orderUntil(
  signal: AbortSignal,
  client: Client,
  organization: number,
  history: History,
  loop: string,
): Promise<void> {
  const csr = await newCsr()
  for (let round = 0; !signal.aborted; round++) {
    try {
      await orderOnce(client, organization, csr, history, `${loop}-${round}`, round)
    } catch (error) {
      // No answer, or one that was cut off: the caller knows nothing.
      if (error instanceof assert.AssertionError) throw error
      await delay(20)
    }
  }
}

async function orderOnce(
  client: Client,
  organization: number,
  csr: string,
  history: History,
  name: string,
  round: number,
): Promise<void> {
  // Some ids are asked for by several loops at once.
  const alternative = round % 3 === 1 ? `shared-${name.split('-')[0]}-${round % 8}` : undefined
  const body = {
    certificate: { common_name: `o${name}.internal`, csr },
    organization: { id: organization },
    order_validity: { years: 1 },
    skip_approval: round % 3 !== 2,
    ...(alternative === undefined ? {} : { alternative_order_id: alternative }),
  }
  const placed = await client.call('POST', '/order/certificate/private_ssl_plus', body)
  assert.equal(placed.status, 201, placed.text)
  const answer = JSON.parse(placed.text)
  if (alternative !== undefined) {
    const known = history.named.get(alternative) ?? new Set()
    history.named.set(alternative, known.add(answer.id))
    return
  }
  if (!body.skip_approval) {
    const decided = await client.call('PUT', `/request/${answer.requests[0].id}/status`, {
      status: 'approved',
    })
    if (decided.status === 204) history.approved.push(answer.id)
    return
  }
  const info = JSON.parse((await client.call('GET', `/order/certificate/${answer.id}`)).text)
  history.issued.push({ order: answer.id, serialNumber: info.certificate.serial_number })
  if (round % 4 !== 0) return
  const revoked = await client.call('PUT', `/order/certificate/${answer.id}/revoke`, { skip_approval: true })
  if (revoked.status === 204) history.revoked.push(answer.id)
}

/** Whoever lost an answer asks again with his own id. */
async function repeatNamed(client: Client, organization: number, history: History): Promise<void> {
  for (const [alternative, known] of history.named) {
    const answer = await client.good('POST', '/order/certificate/private_ssl_plus', {
      certificate: { common_name: 'again.internal', csr: await newCsr() },
      organization: { id: organization },
      order_validity: { years: 1 },
      skip_approval: true,
      alternative_order_id: alternative,
    })
    known.add(idOf(answer))
  }
}

type Engine = Awaited<ReturnType<typeof openEngine>>

/** Everything that was ready when the server died becomes issued. */
async function finishAll(engine: Engine, account: ReturnType<typeof accountId>): Promise<void> {
  const { items } = await engine.store.read((view) =>
    view.collection(orders).list({
      accountId: account,
      where: [{ column: 'status', is: 'any-of', values: ['pending', 'processing'] }],
      offset: 0,
      limit: 1_000,
    }),
  )
  for (const { id } of items) {
    const { order } = await advanceOrder(engine, account, id, systemCaller)
    assert.equal(order.status, 'issued')
  }
}

async function compare(
  engine: Engine,
  account: ReturnType<typeof accountId>,
  { issued, named, approved, revoked }: History,
): Promise<void> {
  const orderOf = async (id: number) => {
    const order = await engine.store.read((view) => view.collection(orders).byId(account, id))
    assert.ok(order, `order ${id} was answered and is lost`)
    return order
  }
  for (const { order, serialNumber } of issued) {
    assert.equal((await orderOf(order)).lead.serialNumber, serialNumber)
  }
  for (const id of approved) assert.equal((await orderOf(id)).status, 'issued')
  for (const [alternative, known] of named)
    assert.equal(known.size, 1, `${alternative}: orders ${[...known]}`)
  const [counts] = await engine.query(
    `SELECT (SELECT count(*) FROM certificate c JOIN issuance i ON i.certificate_id = c.id
             WHERE c.origin = ${originCode('certcentral')}) AS signed,
            (SELECT count(*) FROM order_certificate WHERE issued_certificate_id IS NOT NULL) AS ordered,
            (SELECT count(DISTINCT issued_certificate_id) FROM order_certificate) AS different,
            (SELECT count(*) FROM certificate_order WHERE status = 'issued' OR status = 'revoked') AS orders,
            (SELECT count(*) FROM status WHERE status = 'revoked') AS revoked`,
  )
  assert.ok(counts)
  const count = (name: string) => Number(counts[name])
  assert.equal(count('ordered'), count('different'))
  assert.equal(count('ordered'), count('orders'), 'each issued order has one certificate')
  assert.equal(count('signed'), count('ordered'), 'each certificate belongs to an order')
  assert.ok(count('revoked') >= revoked.length)
}
