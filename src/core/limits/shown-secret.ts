import type { AccountId } from '../brand.ts'
import { Fault } from '../faults.ts'
import { sealContexts } from '../keys/seal-contexts.ts'
import { SealError, type Sealer } from '../keys/sealer.ts'

/**
 * Seals a secret that is shown once, so that it can stand beside an idempotency key: whoever lost the answer gets it
 * again by repeating the request within a day, and nobody reads it in the database.
 *
 * @param object whose it is, such as `api-key:7`; it opens for nothing else
 */
export function sealShownSecret(
  sealer: Pick<Sealer, 'seal'>,
  account: AccountId,
  object: string,
  secret: string,
): string {
  const sealed = sealer.seal(Buffer.from(secret), sealContexts.shownSecret(account, object))
  return Buffer.from(sealed).toString('base64')
}

/** @throws Fault ended when it opens under no key at hand: a rotation had to leave it behind */
export function openShownSecret(
  sealer: Pick<Sealer, 'open'>,
  account: AccountId,
  object: string,
  sealed: string,
): string {
  try {
    const secret = sealer.open(Buffer.from(sealed, 'base64'), sealContexts.shownSecret(account, object))
    const text = Buffer.from(secret).toString()
    secret.fill(0)
    return text
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new Fault('ended', { what: 'time in which the secret is shown again' }, { cause: error })
  }
}
