import type { CollectionTable } from '../collections/table.ts'
import { counters } from './0001-counters.ts'
import { audit } from './0002-audit.ts'
import { accounts } from './0003-accounts.ts'
import { privateKeys } from './0004-private-keys.ts'
import { authorities } from './0005-authorities.ts'
import { certificates } from './0006-certificates.ts'
import { status } from './0007-status.ts'
import { identity } from './0010-identity.ts'
import { organizationsAndDomains } from './0011-organizations.ts'
import { domainControl } from './0012-domain-control.ts'
import { orders } from './0013-orders.ts'
import { finance } from './0014-finance.ts'
import { webhooks } from './0015-webhooks.ts'
import { productLimits } from './0016-product-limits.ts'
import { limits } from './0017-limits.ts'
import { serviceUsers } from './0020-service-users.ts'
import { lifecycle } from './0021-lifecycle.ts'
import { ordersByTerms } from './0022-orders-by-terms.ts'
import { fewerOrderIndexes } from './0023-fewer-order-indexes.ts'
import { type Migration, scatteredColumns } from './migration.ts'

/** Every change of the schema, in order. */
export const migrations: readonly Migration[] = [
  counters,
  audit,
  accounts,
  privateKeys,
  authorities,
  certificates,
  status,
  identity,
  organizationsAndDomains,
  domainControl,
  orders,
  finance,
  webhooks,
  productLimits,
  limits,
  serviceUsers,
  lifecycle,
  ordersByTerms,
  fewerOrderIndexes,
]

/** Every collection as it is after all of them. */
export const collectionTables: readonly CollectionTable<string>[] = migrations
  .flatMap(({ collections = [] }) => collections)
  .map((table) => {
    const scattered = scatteredColumns(migrations, table.name)
    return scattered.length === 0 ? table : { ...table, scattered }
  })

/** Number of the last migration: a database with a higher one is newer than the program. */
export const schemaVersion = migrations.at(-1)?.number ?? 0
