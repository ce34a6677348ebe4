import { createHmac } from 'node:crypto'
import type { AccountId, Instant } from '../brand.ts'
import { sealContexts } from '../keys/seal-contexts.ts'
import type { Sealer } from '../keys/sealer.ts'
import type { Webhook } from './webhook.ts'

/** @returns the envelope in base64; what is stored of it has to be guarded, see `holdMasterKey` */
export function sealWebhookSecret(sealer: Sealer, account: AccountId, secret: string): string {
  return Buffer.from(sealer.seal(Buffer.from(secret), sealContexts.webhookSecret(account))).toString('base64')
}

/** @throws SealError */
export function openWebhookSecret(
  sealer: Sealer,
  { accountId, secretSealed }: Pick<Webhook, 'accountId' | 'secretSealed'>,
): string {
  const secret = sealer.open(Buffer.from(secretSealed, 'base64'), sealContexts.webhookSecret(accountId))
  const text = Buffer.from(secret).toString()
  secret.fill(0)
  return text
}

/**
 * Headers by which a receiver knows us: the secret itself, as the API documents it, and a signature that binds body
 * and time: `t=` seconds since 1970, `v1=` HMAC-SHA-256 in hex of time, a full stop and body.
 */
export function webhookHeaders(secret: string, body: string, at: Instant): Readonly<Record<string, string>> {
  const seconds = Math.floor(at / 1000)
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return {
    'content-type': 'application/json',
    'x-webhook-key': secret,
    'x-chancery-signature': `t=${seconds},v1=${signature}`,
  }
}
