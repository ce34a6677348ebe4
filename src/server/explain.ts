import { isFault } from '../core/faults.ts'
import { SealError } from '../core/keys/sealer.ts'
import { KeyListError } from '../core/policy/keys/key-list.ts'
import { StoreUnusable } from '../core/store/unusable.ts'
import { MasterKeyError } from '../keys/master-key-file.ts'
import { PermissionError } from '../keys/permissions.ts'
import { BackupUnreadable } from '../store/backup/sealed-file.ts'
import { StartError } from './start-error.ts'

/** Errors whose message is written for the operator. */
const spoken = [
  StartError,
  StoreUnusable,
  MasterKeyError,
  PermissionError,
  KeyListError,
  SealError,
  BackupUnreadable,
] as const

/** The one line an operator reads for an error that is no bug of ours; undefined for bugs and faults. */
export function explain(error: unknown): string | undefined {
  return spoken.some((kind) => error instanceof kind) && error instanceof Error ? error.message : undefined
}

/** The same for every error. A bug is not put into a line: the log has it. */
export function explainStart(error: unknown): string {
  if (isFault(error)) return `the program could not start: ${error.code} ${JSON.stringify(error.detail)}`
  return explain(error) ?? 'the program could not start; the log has the cause'
}
