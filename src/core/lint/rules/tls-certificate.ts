import { oids } from '../../../pki/oids.ts'
import type { CertificateView } from '../certificate-view.ts'
import { isResponder, isRoot, isSubordinate, isTlsServer, reservedPolicies } from '../classification.ts'
import { day, ruleTable } from '../rule.ts'
import { isEcKey, usage } from './key-usage.ts'
import { quoted, schemeOf } from './text.ts'

const precertificateSigning = '1.3.6.1.4.1.11129.2.4.4'

/** Policies that say how a server was validated; a CA lists at most one of them. */
const reserved: ReadonlySet<string> = new Set([
  reservedPolicies.extendedValidation,
  reservedPolicies.domainValidated,
  reservedPolicies.organizationValidated,
  reservedPolicies.individualValidated,
])

/** TLS BR section 7.1.2.7: extensions of a server's certificate, beside names and pointers. */
export const tlsCertificateRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 7.1.2.7.6', scope: 'template', applies: isTlsServer },
  [
    {
      id: 'tls-purposes-present',
      section: 'TLS BR section 7.1.2.7.10',
      check: (certificate) => (certificate.has(oids.extKeyUsage) ? undefined : 'extKeyUsage absent'),
    },
    {
      id: 'tls-purposes-allowed',
      section: 'TLS BR section 7.1.2.7.10',
      check: ({ extKeyUsage = [] }) => {
        const odd = extKeyUsage.find((purpose) => forbiddenForServers.has(purpose))
        return odd === undefined ? undefined : `purpose ${odd}`
      },
    },
    {
      id: 'tls-purposes-not-critical',
      section: 'TLS BR section 7.1.2.7.6',
      check: (certificate) =>
        certificate.extension(oids.extKeyUsage)?.critical === true ? 'critical' : undefined,
    },
    {
      id: 'tls-policies-present',
      section: 'TLS BR section 7.1.2.7.9',
      check: ({ policies }) => (policies.length === 0 ? 'no policy' : undefined),
    },
    {
      id: 'tls-not-ca',
      section: 'TLS BR section 7.1.2.7.8',
      applies: (certificate) => certificate.isCa && !certificate.isSelfIssued,
      check: (certificate) => subscriberCaProblem(certificate),
    },
    {
      id: 'tls-key-usage-no-signing-of-certificates',
      section: 'TLS BR section 7.1.2.7.11',
      check: ({ keyUsage = 0 }) =>
        (keyUsage & (usage.keyCertSign | usage.cRLSign)) !== 0 ? 'keyCertSign or cRLSign' : undefined,
    },
    {
      id: 'tls-ec-key-usage',
      section: 'TLS BR section 7.1.2.7.11',
      scope: 'certificate',
      applies: (certificate) => isTlsServer(certificate) && isEcKey(certificate),
      check: ({ keyUsage }) => {
        if (keyUsage === undefined) return undefined
        if ((keyUsage & usage.digitalSignature) === 0) return 'no digitalSignature'
        return (keyUsage & ~(usage.digitalSignature | usage.keyAgreement)) !== 0
          ? 'a bit that is not allowed'
          : undefined
      },
    },
    {
      id: 'tls-basic-constraints-critical',
      section: 'TLS BR section 7.1.2.7.8',
      from: day('2023-09-15'),
      check: (certificate) =>
        certificate.extension(oids.basicConstraints)?.critical === false ? 'not critical' : undefined,
    },
    {
      id: 'cps-uri-http',
      section: 'TLS BR section 7.1.2.7.9',
      applies: (certificate) => isTlsServer(certificate) || isSubordinate(certificate),
      check: ({ policies }) => {
        const uris = policies.flatMap(({ qualifiers }) => qualifiers.filter(({ oid }) => oid === oids.cps))
        const odd = uris
          .map(({ der }) => Buffer.from(der.subarray(2)).toString('latin1'))
          .find((uri) => !isWebUrl(uri))
        return odd === undefined ? undefined : quoted(odd)
      },
    },
  ],
)

/** TLS BR sections 7.1.2.1 to 7.1.2.6: CA certificates. */
export const tlsCaRules = ruleTable(
  {
    family: 'tls',
    section: 'TLS BR section 7.1.2.10',
    scope: 'template',
    applies: (certificate) => certificate.isCa,
  },
  [
    {
      id: 'ca-key-usage-present',
      section: 'TLS BR section 7.1.2.10.7',
      check: (certificate) => (certificate.has(oids.keyUsage) ? undefined : 'absent'),
    },
    {
      id: 'ca-key-usage-critical',
      section: 'TLS BR section 7.1.2.10.7',
      check: (certificate) =>
        certificate.extension(oids.keyUsage)?.critical === false ? 'not critical' : undefined,
    },
    {
      id: 'ca-key-usage-crl-sign',
      section: 'TLS BR section 7.1.2.10.7',
      check: ({ keyUsage }) =>
        keyUsage !== undefined && (keyUsage & usage.cRLSign) === 0 ? 'no cRLSign' : undefined,
    },
    {
      id: 'root-no-purposes',
      section: 'TLS BR section 7.1.2.1.2',
      applies: isRoot,
      check: (certificate) => (certificate.has(oids.extKeyUsage) ? 'extKeyUsage present' : undefined),
    },
    {
      id: 'ca-purposes-compatible',
      section: 'TLS BR section 7.1.2.10.6',
      applies: isSubordinate,
      check: ({ extKeyUsage }) => purposesProblem(extKeyUsage),
    },
    {
      id: 'ca-policies-present',
      section: 'TLS BR section 7.1.2.10.5',
      applies: isSubordinate,
      check: (certificate) => (certificate.policies.length === 0 ? 'no policy' : undefined),
    },
    {
      id: 'ca-policies-allowed',
      section: 'TLS BR section 7.1.2.10.5',
      from: day('2023-09-15'),
      applies: (certificate) => isSubordinate(certificate) && servesTls(certificate),
      check: policiesProblem,
    },
  ],
)

/** TLS BR section 7.1.2.8: the delegated signer of OCSP answers. */
export const responderRules = ruleTable(
  { family: 'rfc', section: 'RFC 6960 section 4.2.2.2', scope: 'template', applies: isResponder },
  [
    {
      id: 'responder-nocheck',
      section: 'RFC 6960 section 4.2.2.2.1, TLS BR section 7.1.2.8.6',
      check: (certificate) => (certificate.has(oids.ocspNoCheck) ? undefined : 'ocsp-nocheck absent'),
    },
    {
      id: 'responder-key-usage',
      check: ({ keyUsage }) =>
        keyUsage !== undefined && keyUsage !== usage.digitalSignature
          ? 'other than digitalSignature alone'
          : undefined,
    },
  ],
)

export const tlsResponderRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 7.1.2.8', scope: 'template', applies: isResponder },
  [
    {
      id: 'responder-no-crl',
      check: (certificate) =>
        certificate.has(oids.crlDistributionPoints) ? 'cRLDistributionPoints present' : undefined,
    },
    {
      id: 'responder-no-policies',
      from: day('2023-09-15'),
      check: (certificate) =>
        certificate.has(oids.certificatePolicies) ? 'certificatePolicies present' : undefined,
    },
    {
      id: 'responder-one-purpose',
      check: ({ extKeyUsage = [] }) => (extKeyUsage.length > 1 ? 'purposes beside OCSPSigning' : undefined),
    },
  ],
)

const forbiddenForServers: ReadonlySet<string> = new Set([
  oids.anyExtendedKeyUsage,
  oids.codeSigning,
  oids.emailProtection,
  oids.timeStamping,
  oids.ocspSigning,
  precertificateSigning,
])

/** A certificate whose names and policy are a subscriber's, and which calls itself a CA. */
function subscriberCaProblem(certificate: CertificateView): string | undefined {
  const usageBits = certificate.keyUsage ?? 0
  const named = certificate.subjectAltNames.some(({ tag }) => tag === 0x82)
  return named && (usageBits & usage.keyCertSign) === 0
    ? 'cA TRUE in a certificate with server names'
    : undefined
}

function servesTls({ extKeyUsage }: CertificateView): boolean {
  return (
    extKeyUsage === undefined ||
    extKeyUsage.includes(oids.serverAuth) ||
    extKeyUsage.includes(oids.anyExtendedKeyUsage)
  )
}

function purposesProblem(purposes: readonly string[] | undefined): string | undefined {
  if (purposes === undefined) {
    return undefined
  }
  if (purposes.includes(oids.anyExtendedKeyUsage)) {
    return purposes.length > 1 ? 'anyExtendedKeyUsage beside others' : undefined
  }
  if (!purposes.includes(oids.serverAuth)) {
    return undefined
  }
  const odd = purposes.find((purpose) => purpose !== oids.serverAuth && purpose !== oids.clientAuth)
  return odd === undefined ? undefined : `serverAuth beside ${odd}`
}

function policiesProblem({ policies }: CertificateView): string | undefined {
  const stated = policies.map(({ oid }) => oid)
  const ofForum = stated.filter((oid) => reserved.has(oid))
  if (ofForum.length > 1) {
    return `several reserved policies: ${ofForum.join(', ')}`
  }
  if (stated.includes(oids.anyPolicy)) {
    return stated.length > 1 ? 'anyPolicy beside others' : undefined
  }
  return ofForum.length === 0 ? 'no reserved policy' : undefined
}

function isWebUrl(text: string): boolean {
  const scheme = schemeOf(text)
  return (
    (scheme === 'http' || scheme === 'https') &&
    text.startsWith('//', scheme.length + 1) &&
    text.length > scheme.length + 3
  )
}
