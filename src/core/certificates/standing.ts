import type { Instant } from '../brand.ts'
import type { CertificateRecord, StatusRecord } from './certificate.ts'

/** What a certificate is to its owner. */
export type Standing = 'good' | 'hold' | 'revoked' | 'expired' | 'obsolete'

/**
 * The standing of an issued certificate. Revoked stays revoked, whatever follows. A superseded certificate is
 * obsolete, unless it had expired before it was superseded; expired comes before hold.
 */
export function standingOf(
  record: Pick<CertificateRecord, 'notAfter' | 'supersededBy' | 'supersededAt'>,
  status: Pick<StatusRecord, 'status'> | null | undefined,
  now: Instant,
): Standing {
  if (status?.status === 'revoked') return 'revoked'
  if (record.supersededBy !== null && (record.supersededAt ?? 0) <= record.notAfter) return 'obsolete'
  if (now > record.notAfter) return 'expired'
  return status?.status === 'hold' ? 'hold' : 'good'
}
