/** What answers are made of. Members that are undefined are left out. */
export type Value = string | number | boolean | null | readonly Value[] | Members
export interface Members {
  readonly [name: string]: Value | undefined
}

/** What an endpoint says when it succeeds. */
export type Reply =
  | {
      readonly type: 'json'
      readonly status: 200 | 201 | 500
      readonly value: Members | readonly Members[]
      /** Names the state of what is shown, for `ETag`. */
      readonly version?: string
    }
  | { readonly type: 'text'; readonly status: 200 | 500; readonly contentType: string; readonly text: string }
  | { readonly type: 'octets'; readonly contentType: string; readonly octets: Uint8Array }
  | { readonly type: 'empty' }

/** @param version for `ETag`: what `If-Match` on a change has to show */
export const ok = (value: Members | readonly Members[], version?: string): Reply => ({
  type: 'json',
  status: 200,
  value,
  ...(version !== undefined && { version }),
})

export const created = (value: Members): Reply => ({ type: 'json', status: 201, value })

/** 204. */
export const done: Reply = { type: 'empty' }

export const text = (contentType: string, content: string): Reply => ({
  type: 'text',
  status: 200,
  contentType,
  text: content,
})

/** Which part of a list an answer holds. */
export interface Window {
  readonly offset: number
  readonly limit: number
}

/** The form of most lists. */
export const paged = (items: readonly Members[], total: number, { offset, limit }: Window): Reply =>
  ok({ total, offset, limit, has_more: offset + items.length < total, items })
