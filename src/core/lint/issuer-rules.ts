import { DerReader } from '../../pki/der/reader.ts'
import { oids } from '../../pki/oids.ts'
import { type CertificateView, safely } from './certificate-view.ts'
import type { Finding } from './rule.ts'

/** What holds between a certificate and its issuer's (RFC 5280 section 6.1). */
const checks: readonly {
  readonly rule: string
  readonly section: string
  readonly check: (certificate: CertificateView, issuer: CertificateView) => string | undefined
}[] = [
  {
    rule: 'issuer-name-copied',
    section: 'RFC 5280 section 4.1.2.4',
    check: ({ issuerDer }, { subjectDer }) =>
      Buffer.compare(issuerDer, subjectDer) === 0 ? undefined : "other octets than the issuer's subject",
  },
  {
    rule: 'authority-key-identifier-matches',
    section: 'RFC 5280 section 4.2.1.1',
    check: (certificate, issuer) => {
      const wanted = subjectKeyIdentifier(issuer)
      const stated = safely(() => certificate.authorityKeyIdentifier)?.keyIdentifier
      return wanted === undefined || stated === undefined || Buffer.compare(wanted, stated) === 0
        ? undefined
        : "other than the issuer's subjectKeyIdentifier"
    },
  },
  {
    rule: 'within-issuer-validity',
    section: 'CP practice, RFC 5280 section 6.1.3',
    check: ({ notAfter }, issuer) =>
      notAfter.instant > issuer.notAfter.instant ? 'ends after its issuer' : undefined,
  },
  {
    rule: 'issuer-is-ca',
    section: 'RFC 5280 section 6.1.4',
    check: (_, issuer) => (issuer.isCa ? undefined : 'the issuer is no CA'),
  },
]

export function issuerFindings(certificate: CertificateView, issuer: CertificateView): Finding[] {
  return checks.flatMap(({ rule, section, check }) => {
    const detail = check(certificate, issuer)
    return detail === undefined ? [] : [{ rule, severity: 'error' as const, section, detail }]
  })
}

function subjectKeyIdentifier(certificate: CertificateView): Uint8Array | undefined {
  const extension = certificate.extension(oids.subjectKeyIdentifier)
  return extension === undefined ? undefined : safely(() => DerReader.of(extension.value).octetString())
}
