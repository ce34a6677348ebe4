import type { Event } from '../core/audit/event.ts'
import type {
  CollectionDefinition,
  CollectionItem,
  CollectionReads,
  CollectionWrites,
} from '../core/store/collection.ts'
import type { Program } from '../core/store/program.ts'
import type { Transaction, View } from '../core/store/store.ts'
import type { DrawnIds } from './collections/next-ids.ts'
import type { Programs } from './programs/index.ts'

/** The audit chain that a transaction's events go to. */
export interface Chain {
  /** Vouches for what other chains told since somebody last did: the event to record, or undefined. */
  anchor(): Program<Event | undefined>
}

/** What one write program sees. Its events wait here and are dropped with it when it fails. */
export class ProgramTransaction implements Transaction {
  readonly accounts: Transaction['accounts']
  readonly authorities: Transaction['authorities']
  readonly certificates: Transaction['certificates']
  readonly status: Transaction['status']
  readonly keys: Transaction['keys']
  readonly audit: Transaction['audit']
  readonly runtime: Transaction['runtime']
  readonly configurationEpoch: Transaction['configurationEpoch']
  readonly nextIds: Transaction['nextIds']
  readonly together: Transaction['together']
  readonly idempotency: Transaction['idempotency']
  readonly chain: Chain
  readonly #collection: Programs['collection']
  readonly #insertTogether: Programs['insertTogether']
  readonly events: Event[] = []
  changesConfiguration = false

  constructor(programs: Programs, chain: Chain, ids: DrawnIds) {
    this.chain = chain
    this.accounts = programs.accounts
    this.authorities = programs.authorities
    this.certificates = programs.certificates
    this.status = programs.status
    this.keys = programs.keys
    this.audit = programs.audit
    this.runtime = programs.runtime
    this.configurationEpoch = programs.epoch.configuration
    this.#collection = programs.collection
    this.nextIds = ids.next
    this.together = programs.together
    this.#insertTogether = programs.insertTogether
    this.idempotency = programs.idempotency
  }

  collection<Item extends CollectionItem, Column extends string>(
    definition: CollectionDefinition<Item, Column>,
  ): CollectionReads<Item, Column> & CollectionWrites<Item> {
    const programs = this.#collection(definition)
    if (definition.isConfiguration !== true) return programs
    return {
      ...programs,
      insert: (item) => this.#noting(programs.insert(item)),
      replace: (item) => this.#noting(programs.replace(item)),
      remove: (account, id) => this.#noting(programs.remove(account, id)),
    }
  }

  insertTogether(...items: Parameters<Transaction['insertTogether']>): Program<boolean> {
    const change = this.#insertTogether(...items)
    const isConfiguration = items.some((each) => each.open((definition) => definition.isConfiguration))
    return isConfiguration ? this.#noting(change) : change
  }

  record(event: Event): void {
    this.events.push(event)
  }

  configurationChanged(): void {
    this.changesConfiguration = true
  }

  /** Marks the configuration as changed when the change of an item of it was made. */
  *#noting(change: Program<boolean>): Program<boolean> {
    const isMade = yield* change
    if (isMade) this.configurationChanged()
    return isMade
  }
}

/** What a read program sees. */
export function viewOf(programs: Programs): View {
  const { accounts, authorities, certificates, status, keys, audit, runtime, collection, epoch } = programs
  const { configuration: configurationEpoch } = epoch
  return {
    accounts,
    authorities,
    certificates,
    status,
    keys,
    audit,
    runtime,
    configurationEpoch,
    collection,
  }
}
