import type { EventRecord } from '../audit/event.ts'
import type { Program } from './program.ts'

export interface ChainHead {
  readonly chain: string
  readonly sequence: number
  readonly hash: Uint8Array
}

export interface AuditReads {
  /** Head of every chain, in order of chain name. */
  heads(): Program<readonly ChainHead[]>
  /** Heads that no event of another chain is noted to vouch for. */
  openHeads(): Program<readonly ChainHead[]>
  /** Those of these chains that there are. `isOpen`: among `openHeads`. */
  headsOf(chains: readonly string[]): Program<readonly (ChainHead & { readonly isOpen: boolean })[]>
  /** Events of a chain after a sequence, in order. */
  page(chain: string, after: number, limit: number): Program<readonly EventRecord[]>
}
