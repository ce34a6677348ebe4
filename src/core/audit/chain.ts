import { hash } from 'node:crypto'
import type { Event } from './event.ts'

/** Octets of a SHA-256 hash. */
export const HASH_LENGTH = 32

/** Where a chain begins: its name, hashed, so that events cannot be moved to the start of another chain. */
export function chainOrigin(chain: string): Uint8Array {
  return hash('sha256', `chancery audit chain ${chain}`, 'buffer')
}

/** The JSON text of an event that is hashed and stored: members in this order, details in the order given. */
export function eventBody(event: Event): string {
  const { action, at, actor, accountId, object, requestId, detail } = event
  return JSON.stringify({ action, at, actor, accountId, object, requestId, detail })
}

/** The hash of an event: SHA-256 over the previous hash and the body's UTF-8 octets. */
export function linkHash(previous: Uint8Array, body: string): Uint8Array {
  const octets = Buffer.allocUnsafe(HASH_LENGTH + Buffer.byteLength(body))
  octets.set(previous)
  octets.write(body, HASH_LENGTH)
  return hash('sha256', octets, 'buffer')
}

/** A chain's name, sequence and hash, as another chain vouches for it. */
export interface Anchor {
  readonly chain: string
  readonly sequence: number
  readonly hash: Uint8Array
}

const ANCHOR_PREFIX = 'head:'

/** Details of an event that vouches for other chains. */
export function anchorDetail(anchors: readonly Anchor[]): Record<string, string> {
  return Object.fromEntries(
    anchors.map(({ chain, sequence, hash: head }) => [
      `${ANCHOR_PREFIX}${chain}`,
      `${sequence} ${Buffer.from(head).toString('hex')}`,
    ]),
  )
}

/** The anchors in an event's details, read back; undefined when one of them is malformed. */
export function anchorsOf(detail: Readonly<Record<string, unknown>>): readonly Anchor[] | undefined {
  const anchors: Anchor[] = []
  for (const [name, value] of Object.entries(detail)) {
    if (!name.startsWith(ANCHOR_PREFIX)) continue
    const [sequence, head, rest] = typeof value === 'string' ? value.split(' ') : []
    if (sequence === undefined || head === undefined || rest !== undefined) return undefined
    if (!/^[0-9]{1,15}$/.test(sequence) || !/^[0-9a-f]{64}$/.test(head)) return undefined
    anchors.push({
      chain: name.slice(ANCHOR_PREFIX.length),
      sequence: Number(sequence),
      hash: Buffer.from(head, 'hex'),
    })
  }
  return anchors
}
