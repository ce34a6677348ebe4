import type { FollowUpWish } from '../../../core/orders/follow-up-content.ts'
import type { ValidityWish } from '../../../core/orders/order.ts'
import { signatureHashes } from '../../../core/products/product.ts'
import { serverPlatform } from '../../../core/products/server-platforms.ts'
import type { Reader } from '../reader.ts'

const anyText = { anyCharacter: true, longest: 2000 } as const

/** What reissues and duplicates say alike: members that are left out stay as the order has them. */
export function readFollowUp(body: Reader): FollowUpWish {
  const certificate = body.object('certificate')
  return {
    commonName: certificate.text('common_name', { longest: 1000 }) ?? null,
    dnsNames: readTexts(certificate, 'dns_names'),
    csr: certificate.requiredText('csr', { anyCharacter: true, longest: 70_000 }),
    signatureHash: certificate.choice('signature_hash', signatureHashes) ?? null,
    serverPlatformId: readServerPlatform(certificate),
    organizationUnits: readTexts(certificate, 'organization_units'),
    caCertId: certificate.text('ca_cert_id') ?? null,
    validity: readValidity(certificate.object('cert_validity')),
    skipApproval: body.flag('skip_approval') ?? false,
    comments: body.text(body.spelling('comments', 'comment', 'Comment'), anyText) ?? '',
  }
}

function readTexts(body: Reader, name: string): readonly string[] | null {
  return body.has(name) ? body.texts(name, { longest: 1000 }) : null
}

/** An object with `id`, or the number itself. */
function readServerPlatform(certificate: Reader): number | null {
  const name = 'server_platform'
  if (!certificate.has(name)) return null
  const isObject = certificate.isObject(name)
  const [reader, member] = isObject ? [certificate.object(name), 'id'] : [certificate, name]
  const id = reader.integer(member, -1)
  if (id !== undefined && serverPlatform(id) === undefined) reader.complain('invalid_value', member)
  return id ?? null
}

/** One of several forms; 0 and nothing are absent. */
function readValidity(validity: Reader): ValidityWish | null {
  const days = validity.integer('days')
  const years = validity.integer('years')
  const date = validity.day('custom_expiration_date')
  if (date !== undefined) return { date }
  if (days) return { days }
  return years ? { years } : null
}
