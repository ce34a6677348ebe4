/** What list calls take. */
export interface PageQuery {
  /** Items to skip; 0 unless given. */
  readonly offset?: number
  /** Items at most; 20 unless given. */
  readonly limit?: number
}

/** What list calls take where the order can be chosen. */
export interface SortedPageQuery extends PageQuery {
  /** `field` or `field:desc`; several sort one after the other. */
  readonly sort?: string | readonly string[]
}

export interface Page<Item> {
  /** Of all pages. */
  readonly total: number
  readonly offset: number
  readonly limit: number
  readonly items: readonly Item[]
  readonly has_more: boolean
}

export interface Reference {
  readonly id: string
}

export interface NamedReference extends Reference {
  readonly name: string
}
