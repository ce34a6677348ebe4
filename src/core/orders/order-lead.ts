import type { OrderCertificate, OrderLead } from './order.ts'

/** What an order shows of its certificate. It is kept with the order, so that lists read no certificates. */
export function leadOf({ content, issued }: Pick<OrderCertificate, 'content' | 'issued'>): OrderLead {
  const { commonName, dnsNames, emails, signatureHash, validity } = content
  return {
    commonName,
    dnsNames,
    emails,
    signatureHash,
    validity,
    serialNumber: issued?.serialNumber ?? null,
    thumbprint: issued?.thumbprint ?? null,
    notBefore: issued?.notBefore ?? null,
    notAfter: issued?.notAfter ?? null,
  }
}
