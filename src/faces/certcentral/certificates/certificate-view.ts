import type { AuthorityRecord } from '../../../core/authorities/authority.ts'
import { caCertId } from '../../../core/authorities/ca-cert-id.ts'
import { shownName } from '../../../core/authorities/shown-name.ts'
import type { Instant } from '../../../core/brand.ts'
import type { Order, OrderCertificate, ValidityWish } from '../../../core/orders/order.ts'
import { serverPlatform } from '../../../core/products/server-platforms.ts'
import { dayMs } from '../filter-bounds.ts'
import { dateTime, day, textOrAbsent } from '../render.ts'
import type { Members } from '../reply.ts'
import { keySizeOf } from './key-size.ts'

/** A wish for a validity as the API writes it. */
export function validityView(wish: ValidityWish): Members {
  return 'date' in wish ? { custom_expiration_date: wish.date } : { ...wish }
}

/** Validity of a certificate, in days; nothing until it is issued. */
export function validityMembers(
  { notBefore, notAfter }: { readonly notBefore: Instant; readonly notAfter: Instant },
  now: Instant,
): Members {
  return {
    valid_from: day(notBefore),
    valid_till: day(notAfter),
    days_remaining: Math.floor((notAfter - now) / dayMs),
  }
}

/** The software a certificate is installed in. */
export function serverPlatformView(id: number): Members {
  const platform = serverPlatform(id)
  if (platform === undefined) return { id }
  const { name, installUrl, csrUrl } = platform
  return { id, name, install_url: installUrl, csr_url: csrUrl }
}

/** A CA as a certificate names it. */
export function caCertView(authority: AuthorityRecord): Members {
  return { id: caCertId(authority), name: shownName(authority) }
}

/**
 * A certificate as its order shows it: all that rebuilds the wish for another one, and what it became.
 * @param authority the CA that issued it, or that it is to come from
 */
export function orderCertificateView(
  certificate: OrderCertificate,
  order: Pick<Order, 'organizationId' | 'userId' | 'lead'>,
  authority: AuthorityRecord | undefined,
  now: Instant,
): Members {
  const { content, issued } = certificate
  const { validity } = content
  return {
    id: certificate.id,
    thumbprint: issued?.thumbprint,
    serial_number: issued?.serialNumber,
    common_name: content.commonName,
    dns_names: content.dnsNames,
    emails: content.emails.length > 0 ? content.emails : undefined,
    date_created: dateTime(certificate.createdAt),
    date_issued: issued === null ? undefined : dateTime(issued.at),
    ...(issued === null ? {} : validityMembers(issued, now)),
    csr: content.csr ?? undefined,
    organization: order.organizationId === null ? undefined : { id: order.organizationId },
    organization_units: content.organizationUnits.length > 0 ? content.organizationUnits : undefined,
    server_platform: serverPlatformView(content.serverPlatformId),
    signature_hash: content.signatureHash,
    key_size: content.csr === null ? undefined : keySizeOf(content.csr),
    ca_cert: authority === undefined ? undefined : caCertView(authority),
    cert_validity: validity === null ? undefined : validityView(validity),
    profile_option: textOrAbsent(content.profileOption ?? ''),
    user_id: order.userId,
    purchased_dns_names: content.dnsNames.length,
    purchased_wildcard_names: content.dnsNames.filter((name) => name.startsWith('*.')).length,
  }
}

/** Words of the API for the status of a certificate, by ours. */
function statusOf({ status, issued }: OrderCertificate, now: Instant): string {
  if (status !== 'issued') return status
  return issued !== null && issued.notAfter < now ? 'expired' : 'approved'
}

/**
 * A duplicate or a reissue, as lists of them show it.
 * @param subId `001` for the first duplicate of the order; absent for reissues
 */
export function certificateElement(
  certificate: OrderCertificate,
  {
    authority,
    subId,
    now,
  }: {
    readonly authority: AuthorityRecord | undefined
    readonly subId?: string | undefined
    readonly now: Instant
  },
): Members {
  const { content, issued } = certificate
  return {
    id: certificate.id,
    thumbprint: issued?.thumbprint,
    serial_number: issued?.serialNumber,
    common_name: content.commonName,
    dns_names: content.dnsNames,
    emails: content.emails.length > 0 ? content.emails : undefined,
    status: statusOf(certificate, now),
    date_created: dateTime(certificate.createdAt),
    ...(issued === null ? {} : validityMembers(issued, now)),
    csr: content.csr ?? undefined,
    server_platform: serverPlatformView(content.serverPlatformId),
    signature_hash: content.signatureHash,
    key_size: content.csr === null ? undefined : keySizeOf(content.csr),
    ca_cert_id: authority === undefined ? undefined : caCertId(authority),
    sub_id: subId,
  }
}
