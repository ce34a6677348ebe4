import type { Event } from '../core/audit/event.ts'
import type { Program } from '../core/store/program.ts'
import type { Transaction, View } from '../core/store/store.ts'
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
  readonly collection: Transaction['collection']
  readonly idempotency: Transaction['idempotency']
  readonly chain: Chain
  readonly events: Event[] = []
  changesConfiguration = false

  constructor(programs: Programs, chain: Chain) {
    this.chain = chain
    this.accounts = programs.accounts
    this.authorities = programs.authorities
    this.certificates = programs.certificates
    this.status = programs.status
    this.keys = programs.keys
    this.audit = programs.audit
    this.runtime = programs.runtime
    this.collection = programs.collection
    this.idempotency = programs.idempotency
  }

  record(event: Event): void {
    this.events.push(event)
  }

  configurationChanged(): void {
    this.changesConfiguration = true
  }
}

/** What a read program sees. */
export function viewOf(programs: Programs): View {
  const { accounts, authorities, certificates, status, keys, audit, runtime, collection } = programs
  return { accounts, authorities, certificates, status, keys, audit, runtime, collection }
}
