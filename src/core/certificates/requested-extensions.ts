import type { CertificationRequest } from '../../pki/csr.ts'
import { parseBasicConstraints } from '../../pki/extensions/basic-constraints.ts'
import { parseExtendedKeyUsage } from '../../pki/extensions/extended-key-usage.ts'
import type { Extension } from '../../pki/extensions/extension.ts'
import { parseKeyUsage } from '../../pki/extensions/key-usage.ts'
import { oids } from '../../pki/oids.ts'
import { Fault } from '../faults.ts'

/** Known extensions that a subscriber may ask for, though nothing of them is copied. */
const harmless: ReadonlySet<string> = new Set([
  oids.subjectAltName,
  oids.subjectKeyIdentifier,
  oids.keyUsage,
  oids.extKeyUsage,
  oids.basicConstraints,
  oids.certificatePolicies,
  oids.tlsFeature,
  oids.netscapeCertType,
  oids.issuerAltName,
])

/**
 * Refuses a request that asks for powers no leaf has, so that whoever sent it does not take the certificate for
 * what it is not. Everything else is dropped in silence, as profiles do not copy extensions.
 * @throws Fault csr_extension_refused
 */
export function refuseForbiddenExtensions(request: CertificationRequest): void {
  for (const extension of request.extensions) {
    const wish = forbiddenWish(extension)
    if (wish !== undefined) throw new Fault('csr_extension_refused', { extension: wish })
  }
}

function forbiddenWish(extension: Extension): string | undefined {
  const { oid, value } = extension
  switch (oid) {
    case oids.basicConstraints:
      return parseBasicConstraints(value).cA ? 'basicConstraints cA' : undefined
    case oids.keyUsage:
      return parseKeyUsage(value).find((usage) => usage === 'keyCertSign' || usage === 'cRLSign')
    case oids.extKeyUsage: {
      const purposes = parseExtendedKeyUsage(value)
      if (purposes.includes(oids.ocspSigning)) return 'extKeyUsage OCSPSigning'
      return purposes.includes(oids.anyExtendedKeyUsage) ? 'extKeyUsage anyExtendedKeyUsage' : undefined
    }
    case oids.nameConstraints:
      return 'nameConstraints'
    case oids.ctPoison:
      return 'certificate transparency poison'
    default:
      return extension.critical && !harmless.has(oid) ? oid : undefined
  }
}
