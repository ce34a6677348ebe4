import type { AccountId, Instant } from '../../src/core/brand.ts'
import { organizations } from '../../src/core/organizations/organization.ts'
import type { Store } from '../../src/core/store/store.ts'

/** An organization that was submitted and not validated: private products may name it. */
export function insertOrganization(
  store: Store,
  { accountId, containerId, at }: { accountId: AccountId; containerId: number; at: Instant },
): Promise<number> {
  return store.write(function* (transaction) {
    const id = yield* transaction.collection(organizations).nextId()
    yield* transaction.collection(organizations).insert({
      id,
      accountId,
      containerId,
      name: 'Example',
      assumedName: '',
      isActive: true,
      address: 'Street 1',
      address2: '',
      zip: '1',
      city: 'Graz',
      state: 'Styria',
      country: 'at',
      telephone: '1',
      contact: null,
      contacts: [],
      validations: [],
      createdAt: at,
    })
    return id
  })
}
