import type { Event } from '../audit/event.ts'
import type { AccountReads, AccountWrites } from './accounts.ts'
import type { Admissions } from './admissions.ts'
import type { AuditReads } from './audit.ts'
import type { AuthorityReads, AuthorityWrites } from './authorities.ts'
import type { CertificateReads, CertificateWrites } from './certificates.ts'
import type {
  CollectionDefinition,
  CollectionItem,
  CollectionReads,
  CollectionWrites,
  Storable,
} from './collection.ts'
import type { IdempotencyWrites } from './idempotency.ts'
import type { KeyReads, KeyWrites } from './keys.ts'
import type { Program } from './program.ts'
import type { RuntimeReads, RuntimeWrites } from './runtime.ts'
import type { StatusReads, StatusWrites } from './status.ts'

/** What a program may read. Every read of an account's object carries the account in the query itself. */
export interface View {
  readonly accounts: AccountReads
  readonly authorities: AuthorityReads
  readonly certificates: CertificateReads
  readonly status: StatusReads
  readonly keys: KeyReads
  readonly audit: AuditReads
  readonly runtime: RuntimeReads
  /** The epoch of the configuration as it stands in the store at this moment, whichever process changed it. */
  configurationEpoch(): Program<number>
  /** The items of one kind. */
  collection<Item extends CollectionItem, Column extends string>(
    definition: CollectionDefinition<Item, Column>,
  ): CollectionReads<Item, Column>
}

/** A view that may also write; all of one program commits together with its events, or none of it. */
export interface Transaction extends View {
  readonly accounts: AccountReads & AccountWrites
  readonly authorities: AuthorityReads & AuthorityWrites
  readonly certificates: CertificateReads & CertificateWrites
  readonly status: StatusReads & StatusWrites
  readonly keys: KeyReads & KeyWrites
  readonly runtime: RuntimeReads & RuntimeWrites
  readonly idempotency: IdempotencyWrites
  collection<Item extends CollectionItem, Column extends string>(
    definition: CollectionDefinition<Item, Column>,
  ): CollectionReads<Item, Column> & CollectionWrites<Item>
  /** Draws an id for an item of each of these collections, in their order. */
  nextIds(definitions: readonly { readonly name: string }[]): Program<readonly number[]>
  /**
   * Stores an item, and others of other collections that belong to it, all of ids that were drawn for them. Those
   * without a unique value are stored together with others of the same commit.
   * @returns false when a unique column stands against one: nothing is stored when it is the first; when it is another,
   *   some before it may be, so that the caller has to end the transaction
   */
  insertTogether(first: Storable, ...others: readonly Storable[]): Program<boolean>
  /**
   * Runs two programs, side by side where that spares round trips: statements of the second may run before the first
   * has ended, but never before those of the first that it began with. Neither may build on the other. What either
   * throws ends both; which of two faults is told is not settled.
   */
  together<First, Second>(first: Program<First>, second: Program<Second>): Program<readonly [First, Second]>
  /** Tells the audit log; chained and stored when the transaction commits. */
  record(event: Event): void
  /**
   * Marks accounts, authorities, keys or other configuration as changed, so that every process drops what it remembers of them
   * within a second, and those that write see it in their next transaction.
   */
  configurationChanged(): void
}

/** The durable memory of one installation. Shared by any number of processes. */
export interface Store {
  /**
   * Runs a read-only program. SQLite answers at once unless a list takes long, PostgreSQL by a promise; `await` takes
   * both.
   * @throws Fault store_busy, store_failed; overloaded when too many long lists wait
   */
  read<Result>(program: (view: View) => Program<Result>): Result | Promise<Result>
  /**
   * Runs a program in a transaction that is durable (synced) when the promise resolves. Programs of concurrent
   * requests share a transaction; one that throws takes back only its own writes.
   * @throws Fault store_busy when the database stays locked, store_full, store_failed; whatever the program throws
   */
  write<Result>(program: (transaction: Transaction) => Program<Result>): Promise<Result>
  /** Counts that limit how often something is done. */
  readonly admissions: Admissions
  /** Grows with every committed `configurationChanged()`, as of the last transaction or poll of this process. */
  configurationEpoch(): number
  /** False after a write error that may have lost data, until a restart. */
  healthy(): boolean
  /** Waits for queued writes, tells the chain that the process stopped, and closes. */
  close(): Promise<void>
}
