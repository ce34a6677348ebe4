import type { FollowUpWish } from '../../../core/orders/follow-up-content.ts'
import { signatureHashes } from '../../../core/products/product.ts'
import type { Reader, TextOptions } from '../reader.ts'
import { csrText, readCaCertId, readServerPlatform, unitText } from './certificate-body.ts'
import { readCertificateValidity } from './validity-body.ts'

const anyText = { anyCharacter: true, longest: 2000 } as const

/** What reissues and duplicates say alike: members that are left out stay as the order has them. */
export function readFollowUp(body: Reader): FollowUpWish {
  const certificate = body.object('certificate')
  return {
    commonName: certificate.text('common_name', { longest: 1000 }) ?? null,
    dnsNames: readTexts(certificate, 'dns_names'),
    csr: certificate.requiredText('csr', csrText),
    signatureHash: certificate.choice('signature_hash', signatureHashes) ?? null,
    serverPlatformId: readServerPlatform(certificate) ?? null,
    organizationUnits: readTexts(certificate, 'organization_units', unitText),
    caCertId: readCaCertId(certificate) ?? null,
    validity: readCertificateValidity(certificate),
    skipApproval: body.flag('skip_approval') ?? false,
    comments: body.text(body.spelling('comments', 'comment', 'Comment'), anyText) ?? '',
  }
}

function readTexts(
  body: Reader,
  name: string,
  options: TextOptions = { longest: 1000 },
): readonly string[] | null {
  return body.has(name) ? body.texts(name, options) : null
}
