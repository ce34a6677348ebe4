import { DerReader } from '../../../pki/der/reader.ts'
import { oids } from '../../../pki/oids.ts'
import type { CertificateView } from '../certificate-view.ts'
import { isExtendedValidation, isTlsServer } from '../classification.ts'
import { attributesOf, hasAttribute } from '../name-view.ts'
import { day, ruleTable } from '../rule.ts'
import { hostOfUri, quoted } from './text.ts'
import { dnsNames } from './tls-names.ts'

const organizationIdentifierExtension = '2.23.140.3.1'
const torServiceDescriptors = '2.23.140.1.31'

const required: readonly [id: string, oid: string][] = [
  ['ev-country-present', oids.countryName],
  ['ev-organization-present', oids.organizationName],
  ['ev-serial-number-present', oids.serialNumber],
  ['ev-business-category-present', oids.businessCategory],
  ['ev-jurisdiction-present', oids.jurisdictionCountryName],
]

/** EV Guidelines section 7.1.4.2 and appendix H. */
export const evRules = ruleTable(
  {
    family: 'ev',
    section: 'EV Guidelines section 7.1.4.2',
    scope: 'certificate',
    applies: isExtendedValidation,
  },
  [
    ...required.map(([id, oid]) => ({
      id,
      check: ({ subject }: CertificateView) => (hasAttribute(subject, oid) ? undefined : 'absent'),
    })),
    {
      id: 'ev-organization-identifier-scheme',
      section: 'EV Guidelines section 7.1.4.2.8',
      applies: (certificate) => isTlsServer(certificate) && organizationIdentifier(certificate) !== undefined,
      check: (certificate) => {
        const scheme = organizationIdentifier(certificate)?.slice(0, 3) ?? ''
        return schemes.has(scheme) ? undefined : `registration scheme ${quoted(scheme)}`
      },
    },
    {
      id: 'ev-organization-identifier-extension',
      section: 'EV Guidelines section 7.1.2.2',
      from: day('2020-01-31'),
      check: (certificate) =>
        organizationIdentifier(certificate) !== undefined && !certificate.has(organizationIdentifierExtension)
          ? 'organizationIdentifier without its extension'
          : undefined,
    },
    {
      id: 'ev-organization-identifier-consistent',
      section: 'EV Guidelines section 7.1.2.2',
      check: (certificate) => {
        const subject = organizationIdentifier(certificate)
        const extension = extensionIdentifier(certificate)
        if (extension === undefined) return undefined
        if (subject === undefined) return 'the extension without the attribute'
        return subject === extension.text ? undefined : `${quoted(subject)} against ${quoted(extension.text)}`
      },
    },
    {
      id: 'organization-identifier-state',
      section: 'EV Guidelines section 7.1.2.2',
      applies: isTlsServer,
      check: (certificate) => {
        const extension = extensionIdentifier(certificate)
        return extension?.hasState === true && extension.scheme !== 'NTR'
          ? `a state with ${extension.scheme}`
          : undefined
      },
    },
  ],
)

/** Names below .onion, EV Guidelines appendix F and TLS BR appendix B. */
export const onionRules = ruleTable(
  {
    family: 'tls',
    section: 'TLS BR appendix B',
    scope: 'certificate',
    applies: (certificate) => isTlsServer(certificate) && onionNames(certificate).length > 0,
  },
  [
    {
      id: 'onion-address',
      check: (certificate) => {
        const odd = onionNames(certificate).find((name) => !isOnionAddress(name))
        return odd === undefined ? undefined : quoted(odd)
      },
    },
    {
      id: 'onion-version-2-extended-validation',
      section: 'EV Guidelines appendix F',
      check: (certificate) =>
        onionNames(certificate).some((name) => serviceLabel(name).length !== 56) &&
        !isExtendedValidation(certificate)
          ? 'a version 2 address without extended validation'
          : undefined,
    },
    {
      id: 'onion-service-descriptor',
      section: 'EV Guidelines appendix F',
      check: (certificate) =>
        onionNames(certificate).some((name) => serviceLabel(name).length !== 56)
          ? descriptorProblem(certificate)
          : undefined,
    },
  ],
)

const schemes: ReadonlySet<string> = new Set(['NTR', 'VAT', 'PSD', 'INT', 'GOV', 'LEI'])

function organizationIdentifier({ subject }: CertificateView): string | undefined {
  return attributesOf(subject, oids.organizationIdentifier)[0]?.text
}

interface ExtensionIdentifier {
  readonly scheme: string
  readonly hasState: boolean
  /** As the attribute would write it. */
  readonly text: string
}

/** CABFOrganizationIdentifier: scheme, country, state [0] OPTIONAL, reference. */
function extensionIdentifier(certificate: CertificateView): ExtensionIdentifier | undefined {
  const value = certificate.extension(organizationIdentifierExtension)?.value
  if (value === undefined) {
    return undefined
  }
  const fields = DerReader.ofSequence(value)
  const text = (bytes: Uint8Array | undefined) =>
    bytes === undefined ? '' : Buffer.from(bytes).toString('utf8')
  const scheme = text(fields.element())
  const country = text(fields.element())
  const state = fields.optionalImplicit(0)
  const reference = text(fields.element())
  const place = state === undefined ? country : `${country}+${text(state)}`
  return { scheme, hasState: state !== undefined, text: `${scheme}${place}-${reference}` }
}

function onionNames(certificate: CertificateView): string[] {
  return dnsNames(certificate).filter((name) => name.toLowerCase().endsWith('.onion'))
}

/** The label before `.onion`, in lower case. */
function serviceLabel(name: string): string {
  return name.toLowerCase().slice(0, -'.onion'.length).split('.').at(-1) ?? ''
}

/** Base32 of 16 characters (version 2) or 56 (version 3). */
function isOnionAddress(name: string): boolean {
  const label = serviceLabel(name)
  if (label.length !== 16 && label.length !== 56) {
    return false
  }
  for (const character of label) {
    if (!((character >= 'a' && character <= 'z') || (character >= '2' && character <= '7'))) {
      return false
    }
  }
  return true
}

const digestBits: ReadonlyMap<string, number> = new Map([
  [oids.sha256, 256],
  [oids.sha384, 384],
  [oids.sha512, 512],
])

/** TorServiceDescriptorSyntax: an https URI, an AlgorithmIdentifier, a BIT STRING of the digest. */
function descriptorProblem(certificate: CertificateView): string | undefined {
  const value = certificate.extension(torServiceDescriptors)?.value
  if (value === undefined) {
    return 'no service descriptor'
  }
  const list = DerReader.ofSequence(value)
  const uris: string[] = []
  while (!list.atEnd) {
    const fields = list.sequence()
    const uri = Buffer.from(fields.element(0x0c)).toString('latin1')
    const bits = digestBits.get(fields.sequence().oid())
    const digest = fields.bitString()
    if (!uri.startsWith('https://')) return `descriptor URI ${quoted(uri)}`
    if (bits === undefined) return 'unknown digest algorithm'
    if (digest.bytes.length * 8 !== bits) return `digest of ${digest.bytes.length} octets`
    uris.push(serviceLabel(hostOfUri(uri) ?? ''))
  }
  const missing = onionNames(certificate).find((name) => !uris.includes(serviceLabel(name)))
  return missing === undefined ? undefined : `no descriptor for ${quoted(missing)}`
}
