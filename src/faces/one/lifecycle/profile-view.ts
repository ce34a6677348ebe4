import type { AuthorityRecord } from '../../../core/authorities/authority.ts'
import type { CertificateProfile } from '../../../core/lifecycle/certificate-profile.ts'
import { lifecycleTemplate } from '../../../core/lifecycle/templates.ts'
import { parseCertificate } from '../../../pki/certificate.ts'
import type { KeyKind } from '../../../pki/key-kinds.ts'
import { hexIdOf, uuidOf } from '../ids.ts'

/** Key sizes as texts: RSA by its bits, others by their name. */
export const keySizes: { readonly [K in KeyKind]: string } = {
  'rsa-2048': '2048',
  'rsa-3072': '3072',
  'rsa-4096': '4096',
  'p-256': 'P-256',
  'p-384': 'P-384',
  'p-521': 'P-521',
  ed25519: 'ED25519',
  'ml-dsa-44': 'ML-DSA-44',
  'ml-dsa-65': 'ML-DSA-65',
  'ml-dsa-87': 'ML-DSA-87',
}

/** The kind of key a text means. */
export function keyKindOfSize(size: string): KeyKind | undefined {
  const kinds = Object.keys(keySizes) as KeyKind[]
  return kinds.find((kind) => keySizes[kind].toLowerCase() === size.toLowerCase())
}

/**
 * A profile in a list. `signature_algorithm` tells what subscribers sign their requests with: clients split it to
 * choose the kind of key they make.
 */
export function profileSummary(profile: CertificateProfile) {
  const [first = 'p-256'] = profile.keyKinds
  return {
    id: uuidOf('profile', profile.id),
    name: profile.name,
    status: profile.status,
    signature_algorithm: signatureAlgorithmFor(first),
    publish_to_public_directory: profile.publishesToDirectory,
    renewal_period_days: profile.renewalWindowDays,
    duplicate_cert_policy: profile.allowsDuplicates,
    override_cert_validity_via_api: profile.overridesLifetime,
    certificate_delivery_format: profile.deliveryFormat === 'pkcs7' ? 'PKCS7' : 'X509',
    account_id: uuidOf('account', profile.accountId),
    business_unit_id: uuidOf('business-unit', profile.businessUnitId),
    enrollment_method: profile.enrollmentMethod,
    authentication_method: profile.authenticationMethod,
    seat_id_mapping: profile.seatIdMapping,
    private_key_attributes: { key_size: keySizes[first] },
    allowed_key_sizes: profile.keyKinds.map((kind) => keySizes[kind]),
    key_escrow_policy: { key_escrow_enabled: profile.escrowsKeys },
    api_token_binding_enabled: profile.boundTokenId !== null,
    api_token_id: profile.boundTokenId === null ? undefined : uuidOf('token', profile.boundTokenId),
    template: {
      id: uuidOf('template', profile.templateId),
      name: lifecycleTemplate(profile.templateId)?.name ?? '',
    },
    tags: profile.tags,
  } as const
}

/** @param chain the CA of the profile and those above it, root last */
export function profileView(profile: CertificateProfile, chain: readonly AuthorityRecord[]) {
  const attribute = ({ type, mandatory }: CertificateProfile['subject'][number]) => ({
    type,
    mandatory,
    multiple: false,
    sources: [{ mandatory, source: 'REST_REQUEST' }],
  })
  return {
    ...profileSummary(profile),
    certificate: {
      subject: { attributes: profile.subject.map(attribute) },
      validity: { ...profile.lifetime },
      extensions: { san: { critical: false, attributes: profile.alternativeNames.map(attribute) } },
      issuer: issuerView(chain),
    },
  }
}

/** The CA that issues; those above it are in `chain`, nearest first. */
function issuerView([issuer, ...above]: readonly AuthorityRecord[]) {
  if (issuer === undefined) return undefined
  return { id: hexIdOf('authority', issuer.id), ...authorityView(issuer), chain: above.map(authorityView) }
}

/** Serial numbers are decimal here, and nowhere else; the certificate is base64 of its DER. */
function authorityView({ certificateDer }: AuthorityRecord) {
  const { serialNumber, subject, subjectDer, issuerDer } = parseCertificate(certificateDer)
  return {
    serial_number: BigInt(`0x${Buffer.from(serialNumber).toString('hex')}`).toString(),
    subject_dn: subject
      .toReversed()
      .map(({ type, value }) => `${shortNames.get(type) ?? type}=${escaped(value)}`)
      .join(','),
    certificate: Buffer.from(certificateDer).toString('base64'),
    root: Buffer.compare(issuerDer, subjectDer) === 0,
  }
}

function signatureAlgorithmFor(kind: KeyKind): string {
  if (kind.startsWith('rsa')) return 'SHA256_WITH_RSA'
  return kind === 'p-384' ? 'SHA384_WITH_ECDSA' : kind === 'p-521' ? 'SHA512_WITH_ECDSA' : 'SHA256_WITH_ECDSA'
}

/** RFC 4514 section 3 */
const shortNames: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
])

/** RFC 4514 section 2.4 */
function escaped(value: string): string {
  return value
    .replaceAll(/[\\",+;<>=]/g, (character) => `\\${character}`)
    .replaceAll(/^[ #]| $/g, (each) => `\\${each}`)
}
