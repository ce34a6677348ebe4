import type { Action, Event } from '../core/audit/event.ts'
import type { Store, Transaction } from '../core/store/store.ts'

/** A store that tells of the events of each write after it is durable. */
export function observedStore(store: Store, committed: (actions: readonly Action[]) => void): Store {
  return {
    read: (program) => store.read(program),
    async write(program) {
      let observed: ObservedTransaction | undefined
      const result = await store.write((transaction) => {
        // A program that runs again records its events again.
        observed = new ObservedTransaction(transaction)
        return program(observed)
      })
      if (observed !== undefined && observed.actions.length > 0) committed(observed.actions)
      return result
    },
    admissions: store.admissions,
    configurationEpoch: () => store.configurationEpoch(),
    healthy: () => store.healthy(),
    close: () => store.close(),
  } satisfies Store
}

class ObservedTransaction implements Transaction {
  readonly accounts: Transaction['accounts']
  readonly authorities: Transaction['authorities']
  readonly certificates: Transaction['certificates']
  readonly status: Transaction['status']
  readonly keys: Transaction['keys']
  readonly audit: Transaction['audit']
  readonly runtime: Transaction['runtime']
  readonly collection: Transaction['collection']
  readonly idempotency: Transaction['idempotency']
  readonly actions: Action[] = []
  readonly #inner: Transaction

  constructor(inner: Transaction) {
    this.#inner = inner
    this.accounts = inner.accounts
    this.authorities = inner.authorities
    this.certificates = inner.certificates
    this.status = inner.status
    this.keys = inner.keys
    this.audit = inner.audit
    this.runtime = inner.runtime
    this.collection = inner.collection
    this.idempotency = inner.idempotency
  }

  record(event: Event): void {
    this.actions.push(event.action)
    this.#inner.record(event)
  }

  configurationChanged(): void {
    this.#inner.configurationChanged()
  }
}
