import { LRUCache } from 'lru-cache'
import type { AuthorityId } from '../../core/brand.ts'
import type { CrlRecord } from '../../core/status/crl-record.ts'
import type { Store } from '../../core/store/store.ts'

/** Memory for CRLs, in bytes of DER; one that is larger is read anew for every caller. */
const MEMORY = 128 * 1024 * 1024

/** The latest CRLs; only the small header is read for every request. */
export interface CrlCache {
  latest(authority: AuthorityId, shard: number): Promise<CrlRecord | undefined>
}

export function createCrlCache(store: Store): CrlCache {
  const kept = new LRUCache<string, CrlRecord>({
    maxSize: MEMORY,
    sizeCalculation: (crl) => Math.max(1, crl.der.length),
  })
  return {
    async latest(authority, shard) {
      const header = await store.read((view) => view.status.latestCrlHeader(authority, shard))
      if (header === undefined) return undefined
      const name = `${authority}/${shard}`
      const known = kept.get(name)
      if (known?.number === header.number) return known
      const crl = await store.read((view) => view.status.latestCrl(authority, shard))
      if (crl !== undefined) kept.set(name, crl)
      return crl
    },
  }
}
