/** What answers are made of. Members that are undefined are left out, as the API does with what is absent. */
export type Value = string | number | boolean | null | readonly Value[] | Members
export interface Members {
  readonly [name: string]: Value | undefined
}

/** Which part of a list an answer holds. `total` counts what matches the filters and is in sight. */
export interface Page {
  readonly total: number
  readonly limit: number
  readonly offset: number
}

/** What an endpoint says when it succeeds. */
export type Reply =
  | { readonly type: 'object'; readonly status: 200 | 201; readonly members: Members }
  /** A list; as CSV, its items alone. */
  | {
      readonly type: 'list'
      readonly name: string
      readonly items: readonly Members[]
      readonly page: Page | undefined
    }
  | { readonly type: 'empty' }
  /** A file, sent as it is whatever the caller accepts. */
  | {
      readonly type: 'file'
      readonly contentType: string
      readonly body: Uint8Array | string
      readonly fileName: string | undefined
    }

export const ok = (members: Members): Reply => ({ type: 'object', status: 200, members })

export const created = (members: Members): Reply => ({ type: 'object', status: 201, members })

/** 204. */
export const done: Reply = { type: 'empty' }

/** @param name member that holds the items: `orders`. @param page absent on lists that come whole */
export const listed = (name: string, items: readonly Members[], page?: Page): Reply => ({
  type: 'list',
  name,
  items,
  page,
})

/** @param fileName for `Content-Disposition: attachment` */
export const file = (contentType: string, body: Uint8Array | string, fileName?: string): Reply => ({
  type: 'file',
  contentType,
  body,
  fileName,
})
