import type { AccountId } from '../brand.ts'
import type { Program } from './program.ts'

/** What lists can look at: text and numbers, times as integer milliseconds, flags as 0 and 1. */
export type ColumnType = 'integer' | 'text' | 'instant' | 'flag'

/** An object of an account that is kept whole. Ids are integers below 2^31, unique in the collection. */
export interface CollectionItem {
  readonly id: number
  readonly accountId: AccountId
}

/**
 * A kind of object: how it is kept and what lists look at. The object is stored as one document; the columns stand
 * beside it, derived from it, so that they cannot disagree with it.
 */
export interface CollectionDefinition<Item extends CollectionItem, Column extends string> {
  /** Name of the table. */
  readonly name: string
  readonly columns: { readonly [C in Column]: ColumnType }
  /** Sets of columns whose values no two items share, as the migration says; a null in a set shares nothing. */
  readonly unique?: readonly (readonly (NoInfer<Column> | 'account_id')[])[]
  /**
   * Columns of few values in a collection that grows large: how many items have each is kept beside them, so that
   * lists narrowed by one of them alone, and lists that are not narrowed, have totals and deep pages at once.
   */
  readonly counted?: readonly NoInfer<Column>[]
  /** Columns whose value, lower-cased, is always among the terms: looking for a part of it uses their index. */
  readonly termColumns?: readonly NoInfer<Column>[]
  /**
   * Text columns of random values that are asked for one by one, such as serial numbers. The index of terms finds them,
   * which a commit writes in one run: an index of their own would cost it a page for every item.
   */
  readonly scattered?: readonly NoInfer<Column>[]
  /**
   * Read with nearly every request and changed rarely: each change of an item is a change of the configuration, see
   * `Transaction.configurationChanged`.
   */
  readonly isConfiguration?: true
  /** The columns of an item; null: absent. */
  values(item: Item): { readonly [C in Column]: string | number | null }
  /**
   * Words that are looked for whole or in part, such as every name of an order; undefined: the collection has no
   * search. Lower case, at most 253 characters each.
   */
  terms?(item: Item): readonly string[]
  /** Reads a stored document back; everything from storage is checked. @throws Error when it is not sound */
  parse(document: unknown): Item
}

/** What an item's terms are asked for, letter case ignored. */
export type TermCondition =
  /** A part of one of them; three characters at least use the index. */
  | { readonly is: 'term-contains'; readonly text: string }
  /** One of them whole. */
  | { readonly is: 'term'; readonly text: string }

/** One condition on a column; all conditions of a query have to hold. */
export type Condition<Column extends string> =
  | { readonly is: 'id'; readonly values: readonly number[] }
  | { readonly column: Column; readonly is: 'any-of'; readonly values: readonly (string | number)[] }
  | { readonly column: Column; readonly is: 'none-of'; readonly values: readonly (string | number)[] }
  | { readonly column: Column; readonly is: 'absent' }
  /** Both ends inclusive; an absent end is open. */
  | {
      readonly column: Column
      readonly is: 'between'
      readonly from?: string | number
      readonly to?: string | number
    }
  /** A part of a text column, ASCII letter case ignored. */
  | { readonly column: Column; readonly is: 'contains'; readonly text: string }
  | TermCondition
  /** At least one of several; the index is used when all of them use it. */
  | { readonly is: 'any-term'; readonly terms: readonly TermCondition[] }

/** A list of an account's items. */
export interface CollectionQuery<Column extends string> {
  readonly accountId: AccountId
  readonly where: readonly Condition<Column>[]
  /**
   * Default: by id, ascending. An absent value comes before all others. The id decides between equals, in the
   * direction of the last column.
   */
  readonly sort?: readonly { readonly column: Column | 'id'; readonly descending: boolean }[]
  readonly offset: number
  readonly limit: number
}

/** `total` counts all that match, exactly. */
export interface CollectionPage<Item> {
  readonly items: readonly Item[]
  readonly total: number
}

export interface CollectionReads<Item extends CollectionItem, Column extends string> {
  /** Of this account only. */
  byId(account: AccountId, id: number): Program<Item | undefined>
  /** Of this account only, in order of id; unknown ids are left out. At most 1000. */
  byIds(account: AccountId, ids: readonly number[]): Program<readonly Item[]>
  /** Any account's: for jobs, and to tell one account's from another's. */
  anyById(id: number): Program<Item | undefined>
  /** Those of the account whose column has this value, in order of id, at most `limit`. */
  withValue(
    account: AccountId,
    column: Column,
    value: string | number,
    limit: number,
  ): Program<readonly Item[]>
  /** Those of the account whose column has one of these values, in order of id, at most `limit`. */
  withAny(
    account: AccountId,
    column: Column,
    values: readonly (string | number)[],
    limit: number,
  ): Program<readonly Item[]>
  /** Over all accounts, both ends inclusive, in order of id: for jobs, such as what is due. `after` pages by id. */
  anyBetween(
    column: Column,
    from: string | number,
    to: string | number,
    after: number,
    limit: number,
  ): Program<readonly Item[]>
  /**
   * What a list costs grows with what it has to look at, and its total may be of one moment and its page of another.
   * Outside of a transaction one that takes long holds nobody up, and may be refused.
   * @throws Fault overloaded when many such wait; store_busy when it takes too long
   */
  list(query: CollectionQuery<Column>): Program<CollectionPage<Item>>
}

export interface CollectionWrites<Item extends CollectionItem> {
  nextId(): Program<number>
  /** False when a unique column has the value already; nothing is stored then. */
  insert(item: Item): Program<boolean>
  /** Reads an item and keeps every other transaction from changing it until this one ends. */
  hold(account: AccountId, id: number): Program<Item | undefined>
  /** Puts the item in the place of the one with its id; false when a unique column stands against it. */
  replace(item: Item): Program<boolean>
  remove(account: AccountId, id: number): Program<boolean>
}

/** An item together with how it is kept, whatever both are. */
export interface Storable {
  open<Result>(
    use: <Item extends CollectionItem, Column extends string>(
      definition: CollectionDefinition<Item, Column>,
      item: Item,
    ) => Result,
  ): Result
}

export function storable<Item extends CollectionItem, Column extends string>(
  definition: CollectionDefinition<Item, Column>,
  item: Item,
): Storable {
  return { open: (use) => use(definition, item) }
}
