import type { KeyId } from '../brand.ts'
import type { KeyRecord } from '../keys/key-record.ts'
import type { Program } from './program.ts'

export interface KeyReads {
  byId(id: KeyId): Program<KeyRecord | undefined>
  /** Is there a key record over this public key? */
  bySpkiDigest(spkiDigest: Uint8Array): Program<KeyRecord | undefined>
  /** Those that the master key opens, in order of id, after `after`. */
  masterWrapped(after: string, limit: number): Program<readonly KeyRecord[]>
}

export interface KeyWrites {
  insert(key: KeyRecord): Program<void>
  /** Replaces the envelope. */
  rewrap(id: KeyId, sealed: Uint8Array): Program<void>
}
