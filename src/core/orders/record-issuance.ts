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
  return { certificate, order: withCertificate(order, certificate, period, at) }
}

function withCertificate(
  order: Order,
  certificate: OrderCertificate,
  { validFrom, validUntil }: OrderPeriod,
  at: Instant,
): Order {
  switch (certificate.kind) {
    case 'original':
      return {
        ...order,
        status: 'issued',
        lead: leadOf(certificate),
        validFrom,
        validUntil,
        dueAt: null,
        updatedAt: at,
      }
    case 'reissue':
      return {
        ...order,
        status: 'issued',
        certificateId: certificate.id,
        lead: leadOf(certificate),
        reissuesCount: order.reissuesCount + 1,
        updatedAt: at,
      }
    case 'duplicate':
      // The order's own status stays.
      return { ...order, duplicatesCount: order.duplicatesCount + 1 }
  }
}
