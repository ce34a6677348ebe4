/** What answers are made of. Members that are undefined are left out. */
export type Value = string | number | boolean | null | readonly Value[] | Members
export interface Members {
  readonly [name: string]: Value | undefined
}

type Content = Members | readonly Members[]

/**
 * An answer in JSON. Its type names every member, so that what is said of the API elsewhere can be held against what
 * is answered.
 */
export interface JsonReply<
  Shown extends Content = Content,
  Status extends 200 | 201 | 500 = 200 | 201 | 500,
> {
  readonly type: 'json'
  readonly status: Status
  readonly value: Shown
  /** Names the state of what is shown, for `ETag`. */
  readonly version?: string
}

export interface TextReply {
  readonly type: 'text'
  readonly status: 200 | 500
  readonly contentType: string
  readonly text: string
}

export interface OctetsReply {
  readonly type: 'octets'
  readonly contentType: string
  readonly octets: Uint8Array
}

export interface EmptyReply {
  readonly type: 'empty'
}

/** What an endpoint says when it succeeds. */
export type Reply = JsonReply | TextReply | OctetsReply | EmptyReply

/** @param version for `ETag`: what `If-Match` on a change has to show */
export const ok = <const Shown extends Content>(value: Shown, version?: string): JsonReply<Shown, 200> => ({
  type: 'json',
  status: 200,
  value,
  ...(version !== undefined && { version }),
})

export const created = <const Shown extends Members>(value: Shown): JsonReply<Shown, 201> => ({
  type: 'json',
  status: 201,
  value,
})

/** 204. */
export const done: EmptyReply = { type: 'empty' }

export const text = (contentType: string, content: string): TextReply => ({
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
export const paged = <const Item extends Members>(
  items: readonly Item[],
  total: number,
  { offset, limit }: Window,
) => ok({ total, offset, limit, has_more: offset + items.length < total, items })
