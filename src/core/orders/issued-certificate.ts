import { type ChainCertificate, issuingChain } from '../authorities/issued-chain.ts'
import type { Instant } from '../brand.ts'
import { certificateDerOf } from '../certificates/certificate-of.ts'
import { Fault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import type { OrderCertificate } from './order.ts'

/** A certificate that can be handed out. */
export interface IssuedOrderCertificate {
  readonly certificate: OrderCertificate
  readonly issuedAt: Instant
  /** Leaf, intermediates, root. */
  readonly chain: readonly ChainCertificate[]
}

/**
 * The octets of an order's certificate and of those above it.
 * @throws Fault object_unknown while it is not issued, or when it is gone with its CA
 */
export function* loadIssued(view: View, certificate: OrderCertificate): Program<IssuedOrderCertificate> {
  const { accountId, content, issued } = certificate
  const record = issued && (yield* view.certificates.byId(accountId, issued.certificateId))
  const authority = issued && (yield* view.authorities.byId(issued.authorityId))
  if (!issued || !record || !authority || record.state !== 'issued' || record.signature === null) {
    throw new Fault('object_unknown', { object: 'certificate' })
  }
  const leaf: ChainCertificate = {
    subjectCommonName: content.commonName,
    der: certificateDerOf({ ...record, signature: record.signature }, authority),
  }
  return {
    certificate,
    issuedAt: issued.at,
    chain: [leaf, ...(yield* issuingChain(view, authority))],
  }
}
