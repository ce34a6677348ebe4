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
  /** Events of a chain after a sequence, in order. */
  page(chain: string, after: number, limit: number): Program<readonly EventRecord[]>
}
