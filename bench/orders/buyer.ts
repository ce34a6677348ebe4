import { systemCaller } from '../../src/core/audit/caller.ts'
import type { AccountId } from '../../src/core/brand.ts'
import type { Engine } from '../../src/core/engine.ts'
import { createTenant } from '../../src/core/identity/create-tenant.ts'
import { type Organization, organizations } from '../../src/core/organizations/organization.ts'

/** An account that can order private certificates. */
export interface Buyer {
  /** Of its administrator. */
  readonly apiKey: string
  readonly organizationId: number
}

export async function makeBuyer(engine: Engine, email: string): Promise<Buyer> {
  const { account, apiKey, rootContainer } = await createTenant(
    engine,
    { email, name: 'Bench' },
    systemCaller,
  )
  const organizationId = await engine.store.write(function* (transaction) {
    const id = yield* transaction.collection(organizations).nextId()
    const made = organizationOf(id, account.id, rootContainer.id, 1, engine.clock.now())
    yield* transaction.collection(organizations).insert(made)
    return id
  })
  return { apiKey, organizationId }
}

/** The organization of a number. */
export function organizationOf(
  id: number,
  accountId: AccountId,
  containerId: number,
  number: number,
  createdAt: number,
): Organization {
  return {
    id,
    accountId,
    containerId,
    name: `Bench Shop ${number} Ltd`,
    assumedName: '',
    isActive: true,
    address: '1 Bench Street',
    address2: '',
    zip: '8010',
    city: 'Graz',
    state: 'Styria',
    country: 'at',
    telephone: '+43 1 5550100',
    contact: null,
    contacts: [],
    validations: [],
    createdAt,
  }
}
