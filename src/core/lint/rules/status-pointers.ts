import { parseIpAddress } from '../../../pki/ip-addresses.ts'
import { oids } from '../../../pki/oids.ts'
import type { CertificateView } from '../certificate-view.ts'
import { isCodeSigning, isSmime, isSubordinate, isTlsServer, smimePolicyOf } from '../classification.ts'
import { nameTags } from '../extension-views.ts'
import { day, ruleTable } from '../rule.ts'
import { hostOfUri, isHostName, quoted, schemeOf } from './text.ts'

/** CRL distribution points and authority information access in the Forum's requirements. */

const dayMs = 86_400_000

function locations(certificate: CertificateView, method: string): string[] {
  return certificate.accessDescriptions
    .filter((description) => description.method === method && description.location.tag === nameTags.uri)
    .map(({ location }) => location.text)
}

function isHttp(url: string): boolean {
  const host = hostOfUri(url) ?? ''
  return schemeOf(url) === 'http' && (isHostName(host) || parseIpAddress(host) !== undefined)
}

function otherThanHttp(urls: readonly string[]): string | undefined {
  const odd = urls.find((url) => !isHttp(url))
  return odd === undefined ? undefined : quoted(odd)
}

function crlUrls(certificate: CertificateView): string[] {
  return certificate.crlDistributionPoints.flatMap(({ fullNames }) => fullNames.map(({ text }) => text))
}

/** TLS BR section 7.1.2.7.9: seven days since 2026-03-15, ten before. */
function isShortLived({ notBefore, notAfter }: CertificateView): boolean {
  const days = notBefore.instant >= day('2026-03-15') ? 7 : 10
  return notAfter.instant - notBefore.instant < days * dayMs
}

const isServerOrSubordinate = (certificate: CertificateView): boolean =>
  isTlsServer(certificate) || isSubordinate(certificate)

export const tlsStatusRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 7.1.2.7.7', scope: 'template', applies: isTlsServer },
  [
    {
      id: 'tls-aia-present',
      check: (certificate) => (certificate.has(oids.authorityInfoAccess) ? undefined : 'absent'),
    },
    {
      id: 'tls-aia-methods',
      applies: isServerOrSubordinate,
      check: ({ accessDescriptions }) => {
        const odd = accessDescriptions.find(
          ({ method, location }) =>
            (method !== oids.ocsp && method !== oids.caIssuers) || location.tag !== nameTags.uri,
        )
        return odd === undefined
          ? undefined
          : `method ${odd.method} with a name of tag ${odd.location.tag & 0x1f}`
      },
    },
    {
      id: 'tls-ca-issuers-http',
      applies: isServerOrSubordinate,
      check: (certificate) => otherThanHttp(locations(certificate, oids.caIssuers)),
    },
    {
      id: 'tls-ocsp-http',
      applies: isServerOrSubordinate,
      check: (certificate) => otherThanHttp(locations(certificate, oids.ocsp)),
    },
    {
      id: 'tls-ocsp-url',
      // Ballot SC-63 made OCSP optional.
      until: day('2024-03-15'),
      check: (certificate) =>
        locations(certificate, oids.ocsp).length === 0 ? 'no OCSP location' : undefined,
    },
    {
      id: 'tls-aia-unique',
      check: ({ accessDescriptions }) => {
        const keys = accessDescriptions.map(({ method, location }) => `${method} ${caseless(location.text)}`)
        return new Set(keys).size < keys.length ? 'a location is repeated' : undefined
      },
    },
    {
      id: 'tls-crl-http',
      section: 'TLS BR section 7.1.2.11.2',
      applies: isServerOrSubordinate,
      check: (certificate) => otherThanHttp(crlUrls(certificate)),
    },
    {
      id: 'tls-crl-url',
      section: 'TLS BR section 7.1.2.11.2',
      applies: isServerOrSubordinate,
      check: (certificate) =>
        certificate.has(oids.crlDistributionPoints) && !crlUrls(certificate).some(isHttp)
          ? 'no http URL'
          : undefined,
    },
    {
      id: 'tls-crl-not-critical',
      section: 'TLS BR section 7.1.2.11.2',
      applies: isServerOrSubordinate,
      check: (certificate) =>
        certificate.extension(oids.crlDistributionPoints)?.critical === true ? 'critical' : undefined,
    },
    {
      id: 'tls-revocation-pointer',
      section: 'TLS BR section 7.1.2.11.2',
      from: day('2024-03-15'),
      check: (certificate) =>
        !certificate.has(oids.crlDistributionPoints) &&
        locations(certificate, oids.ocsp).length === 0 &&
        !isShortLived(certificate)
          ? 'neither CRL nor OCSP'
          : undefined,
    },
    {
      id: 'ca-crl-present',
      section: 'TLS BR section 7.1.2.10.3',
      applies: isSubordinate,
      check: (certificate) => (certificate.has(oids.crlDistributionPoints) ? undefined : 'absent'),
    },
  ],
)

export const codeSigningStatusRules = ruleTable(
  { family: 'code-signing', section: 'CS BR section 7.1.2.3', scope: 'template', applies: isCodeSigning },
  [
    {
      id: 'code-signing-aia',
      check: (certificate) => presence(certificate, oids.authorityInfoAccess),
    },
    {
      id: 'code-signing-ca-issuers-http',
      check: (certificate) =>
        locations(certificate, oids.caIssuers).some(isHttp) ? undefined : 'no http URL',
    },
    {
      id: 'code-signing-ocsp-http',
      check: (certificate) => otherThanHttp(locations(certificate, oids.ocsp)),
    },
    {
      id: 'code-signing-crl',
      check: (certificate) =>
        presence(certificate, oids.crlDistributionPoints) ??
        otherThanHttp(crlUrls(certificate)) ??
        (crlUrls(certificate).length === 0 ? 'no http URL' : undefined),
    },
  ],
)

export const smimeStatusRules = ruleTable(
  { family: 'smime', section: 'S/MIME BR section 7.1.2.3', scope: 'template', applies: isSmime },
  [
    {
      id: 'smime-aia-http',
      applies: (certificate) => isSmime(certificate) && smimePolicyOf(certificate)?.generation !== 'legacy',
      check: ({ accessDescriptions }) =>
        otherThanHttp(accessDescriptions.map(({ location }) => location.text)),
    },
    {
      id: 'smime-legacy-aia-one-http',
      applies: (certificate) => smimePolicyOf(certificate)?.generation === 'legacy',
      check: (certificate) => {
        const groups = [oids.ocsp, oids.caIssuers].map((method) => locations(certificate, method))
        return groups.some((urls) => urls.length > 0 && !urls.some(isHttp)) ? 'no http location' : undefined
      },
    },
    {
      id: 'smime-crl-present',
      check: (certificate) => (certificate.has(oids.crlDistributionPoints) ? undefined : 'absent'),
    },
    {
      id: 'smime-crl-http',
      check: (certificate) => {
        const urls = crlUrls(certificate)
        return smimePolicyOf(certificate)?.generation === 'legacy'
          ? urls.length > 0 && !urls.some(isHttp)
            ? 'no http URL'
            : undefined
          : otherThanHttp(urls)
      },
    },
  ],
)

function presence(certificate: CertificateView, oid: string): string | undefined {
  const extension = certificate.extension(oid)
  return extension === undefined ? 'absent' : extension.critical ? 'critical' : undefined
}

/** Scheme and host do not depend on letter case. */
function caseless(url: string): string {
  const host = hostOfUri(url)
  return host === undefined ? url : url.toLowerCase()
}
