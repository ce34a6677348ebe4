import type { Engine } from '../../src/core/engine.ts'
import type { CollectionDefinition, CollectionItem } from '../../src/core/store/collection.ts'
import type { Transaction } from '../../src/core/store/store.ts'

/**
 * An engine that tells what its transactions hold, in the order in which they do.
 * @returns `held`: collection and id of each hold, such as `domain 4`; `transactions`: the same by transaction
 */
export function tellingHolds(engine: Engine): {
  readonly engine: Engine
  readonly held: readonly string[]
  readonly transactions: readonly (readonly string[])[]
} {
  const held: string[] = []
  const transactions: string[][] = []
  const store = instead(engine.store, {
    write: (program: (transaction: Transaction) => unknown) =>
      Reflect.apply(engine.store.write, engine.store, [
        (transaction: Transaction) => {
          const own: string[] = []
          transactions.push(own)
          const tell = (hold: string) => {
            held.push(hold)
            own.push(hold)
          }
          return program(told(transaction, tell))
        },
      ]),
  })
  return { engine: { ...engine, store }, held, transactions }
}

function told(transaction: Transaction, tell: (hold: string) => void): Transaction {
  return instead(transaction, {
    collection<Item extends CollectionItem, Column extends string>(
      definition: CollectionDefinition<Item, Column>,
    ) {
      const rows = transaction.collection(definition)
      return instead(rows, {
        hold(account: Item['accountId'], id: number) {
          tell(`${definition.name} ${id}`)
          return rows.hold(account, id)
        },
      })
    },
  })
}

/** An object with some members in the place of its own, and all others bound to it. */
function instead<Target extends object>(target: Target, members: object): Target {
  return new Proxy(target, {
    get(of, name) {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name)
      const value: unknown = Reflect.get(of, name, of)
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
}
