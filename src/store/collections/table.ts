import type { ColumnType } from '../../core/store/collection.ts'

/** What a collection looked like when its migration was written; a later change is a migration of its own. */
export interface CollectionTable<Column extends string> {
  readonly name: string
  readonly columns: { readonly [C in Column]: ColumnType }
  /** Columns that lists of one account are narrowed or sorted by; each index goes on with the id. */
  readonly indexes?: readonly (readonly Column[])[]
  /** Columns that are looked through over all accounts, as jobs do; each index goes on with the id. */
  readonly globalIndexes?: readonly (readonly Column[])[]
  /** Columns in which nearly no row has a value: an index over one leaves the rows without out. */
  readonly sparse?: readonly Column[]
  readonly unique?: readonly (readonly (Column | 'account_id')[])[]
  /** Has the definition `terms`? */
  readonly searched?: true
  /** See the definition; the values are found by the index of terms. */
  readonly scattered?: readonly Column[]
  /** Has the definition `counted`? */
  readonly counted?: true
}
