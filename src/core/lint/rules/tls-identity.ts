import { oids } from '../../../pki/oids.ts'
import type { CertificateView } from '../certificate-view.ts'
import { isTlsServer, reservedPolicies } from '../classification.ts'
import { hasAttribute } from '../name-view.ts'
import { ruleTable } from '../rule.ts'

/** TLS BR sections 7.1.2.7.2 to 7.1.2.7.4: what each kind of validation puts into the subject. */

const domainValidated = (certificate: CertificateView): boolean =>
  isTlsServer(certificate) && certificate.hasPolicy(reservedPolicies.domainValidated)
const organizationValidated = (certificate: CertificateView): boolean =>
  isTlsServer(certificate) && certificate.hasPolicy(reservedPolicies.organizationValidated)
const individualValidated = (certificate: CertificateView): boolean =>
  isTlsServer(certificate) && certificate.hasPolicy(reservedPolicies.individualValidated)

const organization = (certificate: CertificateView): boolean =>
  hasAttribute(certificate.subject, oids.organizationName)
const givenName = (certificate: CertificateView): boolean => hasAttribute(certificate.subject, oids.givenName)
const surname = (certificate: CertificateView): boolean => hasAttribute(certificate.subject, oids.surname)
const identified = (certificate: CertificateView): boolean =>
  organization(certificate) || givenName(certificate) || surname(certificate)
const place = (certificate: CertificateView): boolean =>
  hasAttribute(certificate.subject, oids.localityName) ||
  hasAttribute(certificate.subject, oids.stateOrProvinceName)

const addressParts: readonly [id: string, oid: string, name: string][] = [
  ['locality', oids.localityName, 'localityName'],
  ['state', oids.stateOrProvinceName, 'stateOrProvinceName'],
  ['postal-code', oids.postalCode, 'postalCode'],
  ['street', oids.streetAddress, 'streetAddress'],
]

export const tlsIdentityRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 7.1.2.7', scope: 'certificate', applies: isTlsServer },
  [
    {
      id: 'domain-validated-subject',
      section: 'TLS BR section 7.1.2.7.2',
      applies: domainValidated,
      check: ({ subject }) => {
        const odd = subject.find(({ type }) => type !== oids.countryName && type !== oids.commonName)
        return odd === undefined ? undefined : `attribute ${odd.type}`
      },
    },
    {
      id: 'organization-validated-organization',
      section: 'TLS BR section 7.1.2.7.4',
      applies: organizationValidated,
      check: (certificate) => (organization(certificate) ? undefined : 'organizationName absent'),
    },
    {
      id: 'organization-validated-country',
      section: 'TLS BR section 7.1.2.7.4',
      applies: organizationValidated,
      check: ({ subject }) => (hasAttribute(subject, oids.countryName) ? undefined : 'countryName absent'),
    },
    {
      id: 'individual-validated-name',
      section: 'TLS BR section 7.1.2.7.3',
      applies: individualValidated,
      check: (certificate) =>
        givenName(certificate) && surname(certificate) ? undefined : 'givenName or surname absent',
    },
    {
      id: 'individual-validated-country',
      section: 'TLS BR section 7.1.2.7.3',
      applies: individualValidated,
      check: ({ subject }) => (hasAttribute(subject, oids.countryName) ? undefined : 'countryName absent'),
    },
    {
      id: 'validated-place',
      section: 'TLS BR sections 7.1.2.7.3 and 7.1.2.7.4',
      applies: (certificate) => individualValidated(certificate) || organizationValidated(certificate),
      check: (certificate) =>
        place(certificate) ? undefined : 'neither localityName nor stateOrProvinceName',
    },
    {
      id: 'identity-place',
      applies: (certificate) => isTlsServer(certificate) && identified(certificate),
      check: (certificate) =>
        place(certificate) ? undefined : 'neither localityName nor stateOrProvinceName',
    },
    ...addressParts.map(([id, oid, name]) => ({
      id: `${id}-needs-identity`,
      check: (certificate: CertificateView) =>
        hasAttribute(certificate.subject, oid) && !identified(certificate)
          ? `${name} without organization or personal name`
          : undefined,
    })),
    {
      id: 'personal-name-policy',
      section: 'TLS BR section 7.1.2.7.3',
      check: (certificate) =>
        (givenName(certificate) || surname(certificate)) &&
        !certificate.hasPolicy(reservedPolicies.individualValidated) &&
        certificate.policies.some(({ oid }) => oid.startsWith('2.23.140.1.'))
          ? 'givenName or surname without the individual-validated policy'
          : undefined,
    },
  ],
)
