import type { AccountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { sealContexts } from '../keys/seal-contexts.ts'

const tokenCharacters = 32

/**
 * The token by which CAA records name an account: `ca.example; account=<token>`. One for all its domains, so that
 * a record of a parent domain serves those below it. 128 bits that nobody else can work out, kept nowhere.
 */
export function accountTokenOf({ sealer }: Pick<Engine, 'sealer'>, account: AccountId): string {
  return Buffer.from(sealer.integrity(sealContexts.caaToken(account), []))
    .toString('hex')
    .slice(0, tokenCharacters)
}

/** The URI by which CAA records name an account in `accounturi` (RFC 8657 section 3). */
export function accountUriOf({ settings }: Pick<Engine, 'settings'>, account: AccountId): string {
  return `${settings.publicUrl}/account/${account}`
}
