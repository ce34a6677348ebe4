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
  const sealed = sealShownSecret(sealer, accountId, objectOf(id), text)
  yield* binding.bind(transaction, { tokenId: id, userId, sealed })
}

/** @throws Fault ended when the text cannot be opened any more */
export function recallToken(sealer: Pick<Sealer, 'open'>, account: AccountId, subject: unknown): MadeToken {
  const read = new DocumentReader(subject, 'made token')
  const tokenId = read.integer('tokenId')
  const text = openShownSecret(sealer, account, objectOf(tokenId), read.text('sealed'))
  return { tokenId, userId: read.integer('userId'), text }
}

/** The sealed text in what `bindToken` tied to a request, for the exchange of the master key. */
export interface SealedToken {
  /** What it was sealed for. */
  readonly object: string
  readonly sealed: string
  /** The subject with another envelope in its place. */
  withSealed(sealed: string): string
}

/** @param subject JSON text */
export function sealedTokenOf(subject: string): SealedToken {
  const read = new DocumentReader(JSON.parse(subject), 'made token')
  const tokenId = read.integer('tokenId')
  const userId = read.integer('userId')
  return {
    object: objectOf(tokenId),
    sealed: read.text('sealed'),
    withSealed: (sealed) => JSON.stringify({ tokenId, userId, sealed }),
  }
}

const objectOf = (tokenId: number): string => `api-key:${tokenId}`
