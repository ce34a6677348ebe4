import { join } from 'node:path'
import { systemCaller } from '../../src/core/audit/caller.ts'
import type { AccountId } from '../../src/core/brand.ts'
import { type Container, containers } from '../../src/core/identity/container.ts'
import { createTenant } from '../../src/core/identity/create-tenant.ts'
import { newContainer } from '../../src/core/identity/new-container.ts'
import { orderCertificates, orders } from '../../src/core/orders/orders.ts'
import { organizations } from '../../src/core/organizations/organization.ts'
import type { StoreLocation } from '../../src/store/open.ts'
import { type Installation, type InstallationOptions, openInstallation } from '../engine/installation.ts'
import { organizationOf } from '../orders/buyer.ts'
import { fillCollection, openFiller } from './bulk.ts'
import { type Orderer, storedOrders } from './stored-orders.ts'

const DIVISIONS = 6
const ORGANIZATIONS = 300

/** An account whose orders were made up. */
export interface SeededAccount {
  readonly accountId: AccountId
  /** Of its administrator. */
  readonly apiKey: string
  readonly orderer: Orderer
}

/**
 * Makes an account in an installation and stores orders and their certificates in it, past the programs that place
 * them one by one. No server may run over the installation meanwhile.
 */
export async function seedOrders(
  options: InstallationOptions & { readonly email: string },
  count: number,
): Promise<SeededAccount> {
  const installation = await openInstallation(options)
  let seeded: SeededAccount
  try {
    seeded = await makeAccount(installation, options.email)
  } finally {
    await installation.close()
  }
  const filler = await openFiller(locationOf(options))
  try {
    const now = Date.now()
    const made = () => storedOrders(seeded.orderer, count, now)
    await fillCollection(
      filler,
      orders,
      mapped(made(), ({ order }) => order),
    )
    await fillCollection(
      filler,
      orderCertificates,
      mapped(made(), ({ certificate }) => certificate),
    )
    // As the server's own housekeeping would, before long.
    if (options.databaseUrl !== undefined) await filler.execute('VACUUM ANALYZE')
  } finally {
    await filler.close()
  }
  return seeded
}

function locationOf({ dataFolder, databaseUrl }: InstallationOptions): StoreLocation {
  return databaseUrl === undefined ? { sqlitePath: join(dataFolder, 'chancery.db') } : { url: databaseUrl }
}

async function makeAccount({ engine }: Installation, email: string): Promise<SeededAccount> {
  const { account, apiKey, administrator, rootContainer } = await createTenant(
    engine,
    { email, name: 'Bench' },
    systemCaller,
  )
  const at = engine.clock.now()
  const orderer = await engine.store.write(function* (transaction) {
    const containerIds = [rootContainer.id]
    for (let number = 1; number <= DIVISIONS; number++) {
      const container: Container = {
        ...newContainer(engine.random, at),
        id: yield* transaction.collection(containers).nextId(),
        accountId: account.id,
        parentId: rootContainer.id,
        name: `Division ${number}`,
        templateId: rootContainer.templateId,
      }
      yield* transaction.collection(containers).insert(container)
      containerIds.push(container.id)
    }
    const organizationIds: number[] = []
    for (let number = 1; number <= ORGANIZATIONS; number++) {
      const id = yield* transaction.collection(organizations).nextId()
      yield* transaction
        .collection(organizations)
        .insert(organizationOf(id, account.id, rootContainer.id, number, at))
      organizationIds.push(id)
    }
    return {
      accountId: account.id,
      userId: administrator.id,
      containerIds,
      organizationIds,
      lastOrder: (yield* transaction.collection(orders).nextId()) - 1,
      lastCertificate: (yield* transaction.collection(orderCertificates).nextId()) - 1,
    }
  })
  return { accountId: account.id, apiKey, orderer }
}

function* mapped<Item, Mapped>(items: Iterable<Item>, map: (item: Item) => Mapped): Generator<Mapped> {
  for (const item of items) yield map(item)
}
