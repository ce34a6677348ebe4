import type { AccountId, Instant } from '../brand.ts'

/** Who acted: the operator on the command line, the program itself, or a credential of an account. */
export type Actor =
  | { readonly type: 'system' }
  | { readonly type: 'operator'; readonly user: string }
  | { readonly type: 'session'; readonly accountId: AccountId }
  | { readonly type: 'api-key'; readonly accountId: AccountId; readonly publicId: string }
  /** A certificate shown in the TLS handshake; `fingerprint` is SHA-256 of its DER, lower-case hex. */
  | { readonly type: 'client-certificate'; readonly accountId: AccountId; readonly fingerprint: string }
  | { readonly type: 'anonymous' }

/** The closed set of things the audit log tells. */
export type Action =
  | 'process.started'
  | 'process.stopped'
  | 'chain.anchored'
  | 'account.created'
  | 'account.changed'
  | 'account.passphrase-changed'
  | 'api-key.created'
  | 'api-key.changed'
  | 'api-key.revoked'
  | 'api-key.deleted'
  | 'service-user.changed'
  | 'credential.ending'
  | 'client-certificate.created'
  | 'client-certificate.changed'
  | 'business-unit.created'
  | 'business-unit.deleted'
  | 'certificate-profile.created'
  | 'certificate-profile.changed'
  | 'seat.created'
  | 'seat.changed'
  | 'seat.deleted'
  | 'enrollment.created'
  | 'enrollment.changed'
  | 'certificate-owner.created'
  | 'certificate-owner.changed'
  | 'certificate-owner.deleted'
  | 'certificate.annotated'
  | 'certificate.imported'
  | 'recovery.approved'
  | 'recovery.approval-spent'
  | 'container.created'
  | 'container.changed'
  | 'user.created'
  | 'user.changed'
  | 'user.deleted'
  | 'custom-field.created'
  | 'custom-field.changed'
  | 'custom-field.deleted'
  | 'session.opened'
  | 'session.closed'
  | 'login.refused'
  | 'access.refused'
  | 'key.created'
  | 'key.released'
  | 'key.release-refused'
  | 'key.blocked'
  | 'master-key.rotated'
  | 'authority.created'
  | 'authority.renewed'
  | 'authority.closed'
  | 'authority.deleted'
  | 'authority.grants-changed'
  | 'responder.renewed'
  | 'domain.created'
  | 'domain.changed'
  | 'domain.deleted'
  | 'control.checked'
  | 'control.approved'
  | 'caa.checked'
  | 'auth-key.created'
  | 'auth-key.deleted'
  | 'organization.created'
  | 'organization.changed'
  | 'organization.deleted'
  | 'organization.validation-submitted'
  | 'organization.validated'
  | 'funds.changed'
  | 'subaccount.created'
  | 'webhook.created'
  | 'webhook.changed'
  | 'webhook.deleted'
  | 'order.placed'
  | 'order.changed'
  | 'order.canceled'
  | 'order.deleted'
  | 'order.renewal-refused'
  | 'order.revoked'
  | 'request.opened'
  | 'request.decided'
  | 'certificate.reserved'
  | 'certificate.issued'
  | 'certificate.aborted'
  | 'certificate.closed'
  | 'certificate.refused'
  | 'certificate.revoked'
  | 'certificate.held'
  | 'certificate.reinstated'
  | 'crl.published'
  | 'ocsp.answered'
  | 'backup.made'
  | 'store.restored'
  | 'store.recovery-confirmed'
  | 'clock.step-accepted'
  | 'setting.changed'
  | 'maintenance.begun'
  | 'maintenance.ended'

/** An act to be told; the store adds chain, sequence and hash when the act commits. */
export interface Event {
  readonly action: Action
  readonly at: Instant
  readonly actor: Actor
  readonly accountId: AccountId | null
  /** What was acted on, such as `certificate:41`. */
  readonly object: string
  readonly requestId: string | null
  /** Before, after, result and counts: plain JSON, no secrets. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}

/**
 * An event as stored. `hash` = SHA-256 over the previous hash of the chain and the canonical bytes of the
 * event, so a changed or removed row breaks every later link. One chain per writing process.
 */
export interface EventRecord {
  readonly chain: string
  /** From 1, without gaps. */
  readonly sequence: number
  /** The canonical JSON text that was hashed. */
  readonly body: string
  readonly hash: Uint8Array
}
