import { parseIpAddress } from '../../../pki/ip-addresses.ts'
import { oids } from '../../../pki/oids.ts'
import { isSpecialPurpose } from '../../policy/names/address-ranges.ts'
import { isInternalName } from '../../policy/names/internal-names.ts'
import type { CertificateView } from '../certificate-view.ts'
import { isExtendedValidation, isTlsServer } from '../classification.ts'
import { nameTags } from '../extension-views.ts'
import { attributesOf } from '../name-view.ts'
import { day, ruleTable } from '../rule.ts'
import { quoted } from './text.ts'

const dayMs = 86_400_000

const otherForms: readonly [id: string, form: keyof typeof nameTags][] = [
  ['directory', 'directory'],
  ['edi-party', 'ediParty'],
  ['other', 'other'],
  ['registered-id', 'registeredId'],
  ['email', 'email'],
  ['uri', 'uri'],
  ['x400', 'x400'],
]

/** TLS BR section 7.1.2.7.12 and what stands in a server's names. */
export const tlsNameRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 7.1.2.7.12', scope: 'certificate', applies: isTlsServer },
  [
    {
      id: 'tls-alternative-names-present',
      check: (certificate) => (certificate.has(oids.subjectAltName) ? undefined : 'absent'),
    },
    ...otherForms.map(([id, form]) => ({
      id: `tls-no-${id}-name`,
      applies: (certificate: CertificateView) => isTlsServer(certificate) || servesServers(certificate),
      check: ({ subjectAltNames }: CertificateView) =>
        subjectAltNames.some(({ tag }) => tag === nameTags[form]) ? `a ${form} name` : undefined,
    })),
    {
      id: 'tls-address-not-reserved',
      section: 'TLS BR section 4.2.2',
      check: ({ subjectAltNames }) => {
        const reserved = subjectAltNames.find(
          ({ tag, contents }) =>
            tag === nameTags.ip && contents.length % 12 === 4 && isSpecialPurpose(contents),
        )
        return reserved === undefined ? undefined : `address ${[...reserved.contents].join('.')}`
      },
    },
    {
      id: 'tls-common-name-address-not-reserved',
      section: 'TLS BR section 4.2.2',
      check: ({ subject }) => {
        const reserved = attributesOf(subject, oids.commonName).find(({ text }) => {
          const address = parseIpAddress(text)
          return address !== undefined && isSpecialPurpose(address)
        })
        return reserved === undefined ? undefined : quoted(reserved.text)
      },
    },
    {
      id: 'tls-no-arpa-name',
      section: 'TLS BR section 4.2.2.1, RFC 3172',
      check: (certificate) => {
        const found = textsOf(certificate).find((text) => text.toLowerCase().endsWith('.arpa'))
        return found === undefined ? undefined : quoted(found)
      },
    },
    {
      id: 'tls-name-public',
      section: 'TLS BR section 4.2.2',
      check: (certificate) => {
        const found = dnsNames(certificate).find((name) => {
          const base = (name.startsWith('*.') ? name.slice(2) : name).toLowerCase()
          return base !== '' && !base.endsWith('.onion') && isInternalName(base)
        })
        return found === undefined ? undefined : `${quoted(found)} is internal or a bare suffix`
      },
    },
    {
      id: 'tls-reserved-label',
      section: 'TLS BR section 7.1.2.7.12',
      check: (certificate) => {
        const found = dnsNames(certificate).find((name) =>
          name.split('.').some((label) => label.startsWith('--', 2) && !label.toLowerCase().startsWith('xn')),
        )
        return found === undefined ? undefined : quoted(found)
      },
    },
    {
      id: 'tls-underscore-validity',
      section: 'TLS BR ballot SC-12',
      check: (certificate) =>
        certificate.notAfter.instant - certificate.notBefore.instant > 30 * dayMs &&
        dnsNames(certificate).some((name) => name.includes('_'))
          ? 'an underscore in a certificate valid for over 30 days'
          : undefined,
    },
    {
      id: 'ev-dns-names-only',
      section: 'EV Guidelines section 7.1.4.2',
      applies: isExtendedValidation,
      check: ({ subjectAltNames }) =>
        subjectAltNames.some(({ tag }) => tag !== nameTags.dns) ? 'a name that is no dNSName' : undefined,
    },
  ],
)

/** A CA's constraints may not open what no public certificate may name. */
export const tlsConstraintRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 7.1.2.10.8', scope: 'template' },
  [
    {
      id: 'tls-constraint-address-not-reserved',
      from: day('2012-01-01'),
      check: ({ nameConstraints }) => {
        const reserved = nameConstraints?.permitted.find(({ base: { tag, contents } }) => {
          const half = contents.length / 2
          const anything = contents.every((octet) => octet === 0)
          return (
            tag === nameTags.ip &&
            (half === 4 || half === 16) &&
            !anything &&
            isSpecialPurpose(contents.subarray(0, half))
          )
        })
        return reserved === undefined ? undefined : `range ${[...reserved.base.contents].join('.')}`
      },
    },
  ],
)

/** A CA for servers alone; others may well have a mail address. */
function servesServers(certificate: CertificateView): boolean {
  return certificate.isCa && certificate.extKeyUsage?.includes(oids.serverAuth) === true
}

export function dnsNames(certificate: CertificateView): string[] {
  return certificate.keep('dns-names', () =>
    certificate.subjectAltNames.filter(({ tag }) => tag === nameTags.dns).map(({ text }) => text),
  )
}

function textsOf(certificate: CertificateView): string[] {
  return [
    ...dnsNames(certificate),
    ...attributesOf(certificate.subject, oids.commonName).map(({ text }) => text),
  ]
}
