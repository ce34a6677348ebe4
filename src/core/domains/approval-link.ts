import type { Engine } from '../engine.ts'
import { sealContexts } from '../keys/seal-contexts.ts'
import { isSameValue } from '../validation/random-value.ts'
import type { ApprovalMail } from './approval-mail.ts'

/**
 * What an approval link ends with: the mail's id and 256 bits that belong to this mail, domain and address. They are
 * worked out from random bits in the row under a key that the database does not hold: whoever reads or changes rows
 * approves nothing. The same mail always has the same link, so that it can be sent again whole (TLS Baseline
 * Requirements 3.2.2.4.4).
 */
export function approvalToken({ sealer }: Pick<Engine, 'sealer'>, mail: ApprovalMail): string {
  const { id, accountId, domainId, orderId, name, address, nonce } = mail
  const fields = [`${domainId}`, `${orderId}`, 'email', name, address, nonce]
  const proof = sealer.integrity(sealContexts.approvalMail(accountId, id), fields)
  return `${id}-${Buffer.from(proof).toString('hex')}`
}

/** The mail that a token names, whether or not the token is right; undefined for what is no token. */
export function mailIdOf(token: string): number | undefined {
  const digits = /^([1-9]\d{0,9})-[0-9a-f]{64}$/.exec(token)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

export function isTokenOf(engine: Pick<Engine, 'sealer'>, mail: ApprovalMail, token: string): boolean {
  return isSameValue(approvalToken(engine, mail), token)
}

/** The page that the mail leads to. The token stands in the query, which the log of requests leaves out. */
export function approvalUrl(engine: Pick<Engine, 'sealer' | 'settings'>, mail: ApprovalMail): string {
  return `${engine.settings.publicUrl}/domain-approval?token=${approvalToken(engine, mail)}`
}
