import { hash } from 'node:crypto'
import type { Instant } from '../brand.ts'
import type { IssuedCertificate } from '../certificates/issue-request.ts'
import type { Order, OrderCertificate } from './order.ts'
import { leadOf } from './order-lead.ts'
import type { OrderPeriod } from './validity.ts'

/** An order with the certificate of it that this is about. */
export interface OrderAndCertificate {
  readonly order: Order
  readonly certificate: OrderCertificate
}

/**
 * Order and certificate as they are once the certificate is issued: an original begins the order, a reissue takes the
 * place of the primary certificate, a duplicate stands beside it. Others may wait beside these two, so that the
 * background has to look once more to know that nothing does.
 */
export function withIssued(
  { order, certificate: pending }: OrderAndCertificate,
  issued: IssuedCertificate,
  period: OrderPeriod,
  at: Instant,
): OrderAndCertificate {
  const certificate: OrderCertificate = {
    ...pending,
    status: 'issued',
    issued: {
      certificateId: issued.id,
      authorityId: issued.authority.id,
      serialNumber: Buffer.from(issued.serialNumber).toString('hex').toUpperCase(),
      // SHA-1 is what callers name certificates by; nothing is proven by it.
      thumbprint: hash('sha1', issued.certificateDer, 'hex').toUpperCase(),
      notBefore: issued.notBefore,
      notAfter: issued.notAfter,
      at,
    },
    claim: null,
    updatedAt: at,
  }
  const changed: Order = { ...order, status: 'issued', updatedAt: at }
  switch (certificate.kind) {
    case 'original':
      return { certificate, order: { ...changed, ...period, dueAt: null, lead: leadOf(certificate) } }
    case 'reissue': {
      const { reissuesCount } = order
      const lead = leadOf(certificate)
      const primary = { certificateId: certificate.id, lead, reissuesCount: reissuesCount + 1 }
      return { certificate, order: { ...changed, ...primary } }
    }
    case 'duplicate':
      // The order's own status stays.
      return { certificate, order: { ...order, duplicatesCount: order.duplicatesCount + 1 } }
  }
}
