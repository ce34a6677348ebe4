import { hash } from 'node:crypto'
import { Fault } from './faults.ts'

/** Names the present state of an object: 32 lower-case hex digits that differ whenever anything stored of it does. */
export function versionOf(item: object): string {
  return hash('sha256', JSON.stringify(item), 'hex').slice(0, 32)
}

/**
 * Whether a change was meant for this state of an object.
 * @param expected versions as the caller knows them; undefined: any state, as is `*` among them (RFC 9110 section
 *   13.1.1)
 * @throws Fault version_conflict
 */
export function requireVersion(item: object, expected: readonly string[] | undefined): void {
  if (expected === undefined || expected.includes('*') || expected.includes(versionOf(item))) return
  throw new Fault('version_conflict', {})
}
