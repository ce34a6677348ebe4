import type { AuthorityId } from '../brand.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Store, View } from '../store/store.ts'
import type { AuthorityRecord } from './authority.ts'

/** Longer chains mean that the store is wrong: no profile makes more than three levels. */
const LONGEST_CHAIN = 8

/**
 * The CA and those above it, root last.
 * @throws Fault authority_unusable when the records do not end in a root
 */
export async function authorityChain(
  engine: { readonly store: Store },
  id: AuthorityId,
): Promise<readonly AuthorityRecord[]> {
  return engine.store.read((view) => chainFrom(view, id))
}

/**
 * The CAs above one, root last; none above a root.
 * @throws Fault authority_unusable when the records do not end in a root
 */
export function* authoritiesAbove(
  view: View,
  authority: AuthorityRecord,
): Program<readonly AuthorityRecord[]> {
  return authority.parentId === null ? [] : yield* chainFrom(view, authority.parentId)
}

function* chainFrom(view: View, id: AuthorityId): Program<readonly AuthorityRecord[]> {
  const chain: AuthorityRecord[] = []
  for (let next: AuthorityId | null = id; next !== null; ) {
    const record: AuthorityRecord | undefined = yield* view.authorities.byId(next)
    if (record === undefined || record.status === 'pending' || chain.length === LONGEST_CHAIN) {
      throw new Fault('authority_unusable', {})
    }
    chain.push(record)
    next = record.parentId
  }
  return chain
}
