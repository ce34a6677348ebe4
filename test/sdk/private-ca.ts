import assert from 'node:assert/strict'
import type {
  CertificateAuthorityRequest,
  CertificateAuthoritySubject,
  ChanceryClient,
  CrlRequest,
  OcspResponderRequest,
  PageQuery,
  PrivateCaIssueRequest,
  PrivateCaListQuery,
  PrivateCaRevocation,
  PrivateCaSubject,
  RecertifyRequest,
} from '../../sdk/src/index.ts'
import { csrPem } from '../faces/one/requests.ts'
import type { Complete } from './complete.ts'

const page = { offset: 0, limit: 50 } satisfies Complete<PageQuery>
const subject = {
  common_name: 'Harbour',
  organization_name: 'Harbour',
  organization_unit: ['Cranes'],
  locality: 'Graz',
  state: 'Styria',
  country: 'AT',
} satisfies Complete<CertificateAuthoritySubject>

/** Every call of Private CA, each with all that it can say. */
export async function callPrivateCa({ privateCa }: ChanceryClient, accountId: string): Promise<void> {
  await privateCa.health()
  const found = await privateCa.authorities(page)
  const root = found.items.find(({ cert_type }) => cert_type === 'root')
  assert.ok(root)
  const ofIntermediates = (await privateCa.templates(page)).items.find(({ type }) => type === 'intermediate')
  assert.ok(ofIntermediates)
  const authority = await privateCa.createAuthority({
    name: 'Quay CA',
    cert_type: 'intermediate',
    ca_type: 'online',
    issuer: { id: root.id },
    account_id: accountId,
    template_id: ofIntermediates.id,
    subject,
    key: { algorithm: 'EC', size: 'P-256' },
    validity: { valid_to: '2027-06-01T00:00:00Z' },
  } satisfies Complete<CertificateAuthorityRequest>)
  await privateCa.authority(authority.id)
  await privateCa.downloadAuthority(authority.id)
  await privateCa.recertifyAuthority(authority.id, {
    new_key: false,
    validity: { valid_to: '2027-07-01T00:00:00Z' },
  } satisfies Complete<RecertifyRequest>)

  const [pair] = (await privateCa.keyPairs(page)).items
  assert.ok(pair)
  await privateCa.keyPair(pair.id)
  const template = (await privateCa.templates(page)).items.find(
    ({ name }) => name === 'Private User Certificate',
  )
  assert.ok(template)
  await privateCa.template(template.id)

  const [crl] = (await privateCa.crlConfigurations(page)).items
  assert.ok(crl)
  const { distribution_url, update_period_hours } = await privateCa.crlConfiguration(crl.id)
  const asIs = { ca: { id: crl.ca.id }, distribution_url, update_period_hours } satisfies Complete<CrlRequest>
  await privateCa.configureCrl(asIs)
  await privateCa.publishCrl(crl.id)
  const [responder] = (await privateCa.ocspResponders(page)).items
  assert.ok(responder)
  const { url, signing_mode } = await privateCa.ocspResponder(responder.id)
  await privateCa.configureOcspResponder({
    ca: { id: responder.ca.id },
    url,
    signing_mode,
  } satisfies Complete<OcspResponderRequest>)

  const issued = await privateCa.issue({
    issuer: { id: authority.id },
    template_id: template.id,
    account_id: accountId,
    csr: csrPem(),
    csr_type: 'csr',
    subject: {
      ...subject,
      common_name: 'crane.harbour.example',
      street_address: ['Quay 1'],
      postal_code: '8010',
    } satisfies Complete<PrivateCaSubject>,
    validity: { valid_from: '2020-01-01T00:00:00Z', valid_to: '2026-12-31T00:00:00Z' },
    extensions: {
      san: {
        dns_names: ['crane.harbour.example'],
        ip_addresses: ['192.0.2.7'],
        email_addresses: ['crane@harbour.example'],
        uris: ['https://crane.harbour.example/'],
      },
    },
  } satisfies Complete<PrivateCaIssueRequest>)
  await privateCa.certificate(issued.id)
  await privateCa.downloadCertificate(issued.id)
  await privateCa.certificates({ ...page, issuer_id: authority.id } satisfies Complete<PrivateCaListQuery>)
  await privateCa.revoke(issued.id, {
    revocation_reason: 'superseded',
    comment: 'replaced',
  } satisfies Complete<PrivateCaRevocation>)
}
