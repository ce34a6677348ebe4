import type { Caller } from '../audit/caller.ts'
import type { Event } from '../audit/event.ts'
import type { KeyRecord } from './key-record.ts'

/** Tells that a key was made and stored. */
export function keyCreated(key: KeyRecord, caller: Caller): Event {
  return {
    action: 'key.created',
    at: key.createdAt,
    actor: caller.actor,
    accountId: key.accountId,
    object: `key:${key.id}`,
    requestId: caller.requestId,
    detail: { kind: key.kind, purpose: key.purpose, wrapping: key.wrapping },
  }
}
