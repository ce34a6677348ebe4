import type { AccountReads, AccountWrites } from '../../core/store/accounts.ts'
import type { AuditReads } from '../../core/store/audit.ts'
import type { AuthorityReads, AuthorityWrites } from '../../core/store/authorities.ts'
import type { CertificateReads, CertificateWrites } from '../../core/store/certificates.ts'
import type { IdempotencyWrites } from '../../core/store/idempotency.ts'
import type { KeyReads, KeyWrites } from '../../core/store/keys.ts'
import type { RuntimeReads, RuntimeWrites } from '../../core/store/runtime.ts'
import type { StatusReads, StatusWrites } from '../../core/store/status.ts'
import type { Transaction } from '../../core/store/store.ts'
import { collectionsOf } from '../collections/collections.ts'
import { insertingTogether } from '../collections/insert-together.ts'
import { type IdDrawing, idDrawing } from '../collections/next-ids.ts'
import type { Dialect } from '../dialect.ts'
import { statementsOf } from '../statement.ts'
import { runningTogether } from '../together.ts'
import { accountPrograms } from './accounts.ts'
import { auditPrograms } from './audit.ts'
import { authorityPrograms } from './authorities.ts'
import { certificateReads } from './certificate-reads.ts'
import { certificateWrites } from './certificate-writes.ts'
import { type ChainPrograms, chainPrograms } from './chains.ts'
import { type EpochPrograms, epochPrograms } from './epoch.ts'
import { idempotencyPrograms } from './idempotency.ts'
import { keyPrograms } from './keys.ts'
import { runtimePrograms } from './runtime.ts'
import { statusPrograms } from './status.ts'

/** Everything one dialect's store can be asked; each statement is compiled when it first runs. */
export interface Programs {
  readonly accounts: AccountReads & AccountWrites
  readonly authorities: AuthorityReads & AuthorityWrites
  readonly certificates: CertificateReads & CertificateWrites
  readonly status: StatusReads & StatusWrites
  readonly keys: KeyReads & KeyWrites
  readonly audit: AuditReads
  readonly runtime: RuntimeReads & RuntimeWrites
  readonly collection: Transaction['collection']
  readonly drawIds: IdDrawing
  readonly insertTogether: Transaction['insertTogether']
  readonly together: Transaction['together']
  readonly idempotency: IdempotencyWrites
  readonly chains: ChainPrograms
  readonly epoch: EpochPrograms
}

export function programsOf(dialect: Dialect): Programs {
  const reads = certificateReads(dialect)
  const collection = collectionsOf(dialect)
  return {
    accounts: accountPrograms(dialect),
    authorities: authorityPrograms(dialect),
    certificates: { ...reads, ...certificateWrites(dialect, reads) },
    status: statusPrograms(dialect),
    keys: keyPrograms(dialect),
    audit: auditPrograms(dialect),
    runtime: runtimePrograms(dialect),
    collection,
    drawIds: idDrawing(dialect),
    insertTogether: insertingTogether(dialect, collection),
    together: runningTogether(dialect),
    idempotency: idempotencyPrograms(dialect),
    chains: chainPrograms(dialect),
    epoch: epochPrograms(statementsOf(dialect.db)),
  }
}
