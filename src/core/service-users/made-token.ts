import type { ApiKeyRecord } from '../accounts/account.ts'
import type { AccountId } from '../brand.ts'
import { holdMasterKey } from '../keys/master-key.ts'
import type { Sealer } from '../keys/sealer.ts'
import type { OnceBinding } from '../limits/once.ts'
import { openShownSecret, sealShownSecret } from '../limits/shown-secret.ts'
import { DocumentReader } from '../store/document.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'

/** A token that a request made, as a repetition of the request is told of it. */
export interface MadeToken {
  readonly tokenId: number
  readonly userId: number
  /** The whole token. */
  readonly text: string
}

/** Ties a token to the request that makes it, its text sealed. */
export function* bindToken(
  transaction: Transaction,
  sealer: Sealer,
  binding: OnceBinding,
  { id, userId, accountId }: ApiKeyRecord,
  text: string,
): Program<void> {
  yield* holdMasterKey(transaction, sealer)
  const sealed = sealShownSecret(sealer, accountId, `api-key:${id}`, text)
  yield* binding.bind(transaction, { tokenId: id, userId, sealed })
}

/** @throws Fault ended when the text cannot be opened any more */
export function recallToken(sealer: Pick<Sealer, 'open'>, account: AccountId, subject: unknown): MadeToken {
  const read = new DocumentReader(subject, 'made token')
  const tokenId = read.integer('tokenId')
  const text = openShownSecret(sealer, account, `api-key:${tokenId}`, read.text('sealed'))
  return { tokenId, userId: read.integer('userId'), text }
}
