import { Fault } from '../../../core/faults.ts'
import { certificateOwners } from '../../../core/lifecycle/certificate-owner.ts'
import type { AuthenticationMethod, CertificateProfile } from '../../../core/lifecycle/certificate-profile.ts'
import {
  type RevocationReasonName,
  resumeInventoryCertificate,
  revocationReasons,
  revokeInventoryCertificate,
} from '../../../core/lifecycle/change-certificate.ts'
import type { InventoryCertificate } from '../../../core/lifecycle/inventory.ts'
import { checkProfileRequest, issueFromProfile } from '../../../core/lifecycle/issue-certificate.ts'
import { renewFromProfile } from '../../../core/lifecycle/renew-certificate.ts'
import { bySerialNumber, inventoryItem, usableProfile } from '../../../core/lifecycle/sight.ts'
import { DocumentReader } from '../../../core/store/document.ts'
import { certificatesOnly } from '../../../pki/certificates-only.ts'
import { pemEncode } from '../../../pki/pem.ts'
import type { Call } from '../call.ts'
import { uuidOf } from '../ids.ts'
import { refuseMember, refuseParameter } from '../refusal.ts'
import { created, done, ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { readHex } from '../values.ts'
import { certificateDetails } from './certificate-view.ts'
import { certificateFiles, delivered, deliveryOf, readDelivery } from './delivery.ts'
import { fitToProfile, type IssueBody, readCsr, readIssueBody, readLifetime } from './issue-body.ts'
import { waitForApproval } from './waiting-request.ts'

const common = { api: 'mpki', access: 'MANAGE_EM_CERTIFICATE' } as const
const reasonNames = Object.keys(revocationReasons) as readonly RevocationReasonName[]

/** Certificates of profiles from their request to their end. */
export const certificateRoutes = [
  defineRoute({
    api: 'mpki',
    method: 'POST',
    path: '/v1/certificate',
    access: 'CREATE_EM_CERTIFICATE',
    tier: 'A',
    async handler(call) {
      const { engine, member, caller, body } = call
      const profileId = body.requiredId('profile', 'profile')
      const request = readIssueBody(body)
      const wanted = readDelivery(body)
      body.check()
      const profile = await engine.store.read((view) => usableProfile(view, member, profileId))
      requireRestProfile(profile, ['third_party_app', 'manual_approval'])
      const delivery = deliveryOf(wanted, profile.deliveryFormat)
      requireKeyForDelivery(delivery.format, request.csr)
      await requireOwners(call, request)
      const fitted = fitToProfile(request, profile)
      if (profile.authenticationMethod === 'manual_approval') {
        const waiting = { seat: fitted.seat, received: call.receivedText, renews: null }
        const enrollment = await waitForApproval(call, profile, waiting, () =>
          checkProfileRequest(engine, member, profile, fitted, caller),
        )
        return created({ request_id: uuidOf('request', enrollment), delivery_format: delivery.written })
      }
      const item = await call.once({
        run: (binding) => issueFromProfile(engine, member, profile, fitted, caller, binding),
        recall: (subject) => recalledItem(call, subject),
      })
      return created(await delivered(call, item, delivery))
    },
  }),
  defineRoute({
    api: 'mpki',
    method: 'GET',
    path: '/v1/certificate/:serial',
    access: 'VIEW_EM_CERTIFICATE',
    tier: 'A',
    async handler(call) {
      return certificateDetails(call, await meant(call))
    },
  }),
  defineRoute({
    api: 'mpki',
    method: 'GET',
    path: '/v1/certificate-by-id/:id',
    access: 'VIEW_EM_CERTIFICATE',
    tier: 'B',
    handler: async (call) => certificateDetails(call, await byPathId(call)),
  }),
  defineRoute({
    api: 'mpki',
    method: 'GET',
    path: '/v1/certificate-search/:id',
    access: 'VIEW_EM_CERTIFICATE',
    tier: 'B',
    handler: async (call) => certificateDetails(call, await byPathId(call)),
  }),
  defineRoute({
    ...common,
    method: 'PUT',
    path: '/v1/certificate/:serial/revoke',
    tier: 'A',
    async handler(call) {
      const { engine, member, caller, body } = call
      const name = body.has('revocation_reason') ? 'revocation_reason' : 'reason'
      const reason = body.choice(name, reasonNames) ?? 'unspecified'
      const comment = body.text('comment', { multiline: true }) ?? body.text('comments', { multiline: true })
      body.check()
      const item = await meant(call)
      const told = { reason, comment: comment ?? '' }
      await revokeInventoryCertificate(engine, member, item, told, call.expectedVersions, caller)
      return done
    },
  }),
  defineRoute({
    ...common,
    method: 'DELETE',
    path: '/v1/certificate/:serial/revoke',
    tier: 'B',
    async handler(call) {
      const item = await meant(call)
      await resumeInventoryCertificate(call.engine, call.member, item, call.expectedVersions, call.caller)
      return done
    },
  }),
  defineRoute({
    api: 'mpki',
    method: 'POST',
    path: '/v1/certificate/:serial/renew',
    access: 'CREATE_EM_CERTIFICATE',
    tier: 'B',
    body: 'optional',
    async handler(call) {
      const { engine, member, caller, body } = call
      const csr = readCsr(body)
      const lifetime = readLifetime(body)
      const wanted = readDelivery(body)
      const comment = body.text('renewal_comment') ?? ''
      body.check()
      const item = await meant(call)
      const { profileId } = item
      if (profileId === null) throw new Fault('certificate_profile_refused', { reason: 'it has no profile' })
      const profile = await engine.store.read((view) => usableProfile(view, member, profileId))
      requireRestProfile(profile, ['third_party_app'])
      const delivery = deliveryOf(wanted, profile.deliveryFormat)
      requireKeyForDelivery(delivery.format, csr)
      const renewed = await call.once({
        run: (binding) =>
          renewFromProfile(engine, member, profile, item, { csr, lifetime, comment }, caller, binding),
        recall: (subject) => recalledItem(call, subject),
      })
      return ok(await delivered(call, renewed, delivery))
    },
  }),
  defineRoute({
    api: 'mpki',
    method: 'GET',
    path: '/v1/certificate/:serial/additional-formats',
    access: 'VIEW_EM_CERTIFICATE',
    tier: 'B',
    async handler(call) {
      const item = await meant(call)
      const { der, authorities } = await certificateFiles(call, item)
      const chain = [
        { common_name: item.commonName, cert_blob: Buffer.from(der).toString('base64') },
        ...authorities.map(({ name, certificateDer }) => ({
          common_name: name,
          cert_blob: Buffer.from(certificateDer).toString('base64'),
        })),
      ]
      const all = [der, ...authorities.map(({ certificateDer }) => certificateDer)]
      return ok({ pkcs7: pemEncode('PKCS7', certificatesOnly(all)), x509_cert_chain: chain })
    },
  }),
] as const

/** What a client may ask for at the API itself. @throws Fault certificate_profile_refused */
function requireRestProfile(
  { enrollmentMethod, authenticationMethod }: CertificateProfile,
  allowed: readonly AuthenticationMethod[],
): void {
  if (enrollmentMethod === 'rest_api' && allowed.includes(authenticationMethod)) return
  throw new Fault('certificate_profile_refused', {
    reason: `its methods are ${enrollmentMethod} and ${authenticationMethod}`,
  })
}

/** Nobody here has the key of a CSR. @throws Refusal member_invalid */
function requireKeyForDelivery(format: string, csr: Uint8Array | undefined): void {
  if (csr !== undefined && format.startsWith('pkcs12'))
    throw refuseMember('member_invalid', 'delivery_format')
}

/** @throws Refusal member_invalid for an owner who is not of the account */
export async function requireOwners(call: Call, { ownerIds }: IssueBody): Promise<void> {
  const present = await presentOwners(call, ownerIds)
  if (present.length !== new Set(ownerIds).size) throw refuseMember('member_invalid', 'cert_owner_ids')
}

/** Those that the account has, once each, among the first thousand. */
export async function presentOwners(
  { engine, account }: Call,
  ownerIds: readonly number[],
): Promise<readonly number[]> {
  if (ownerIds.length === 0) return []
  const found = await engine.store.read((view) =>
    view.collection(certificateOwners).byIds(account.id, ownerIds.slice(0, 1000)),
  )
  return found.map(({ id }) => id)
}

/** The certificate that a repeated request made. */
export async function recalledItem(
  { engine, member }: Call,
  subject: unknown,
): Promise<InventoryCertificate> {
  const id = new DocumentReader(subject, 'issued certificate').integer('inventoryId')
  return await engine.store.read((view) => inventoryItem(view, member, id))
}

async function byPathId(call: Call<'id'>): Promise<InventoryCertificate> {
  const id = call.pathId('id', 'certificate', 'certificate')
  return await call.engine.store.read((view) => inventoryItem(view, call.member, id))
}

/** The certificate whose serial number stands in the path; a thumbprint in query or body tells two apart. */
export async function meant(call: Call<'serial'>): Promise<InventoryCertificate> {
  const serialNumber = call.pathSerialNumber('serial')
  const written = call.query.text('thumbprint_sha256') ?? call.body.text('thumbprint_sha256')
  const thumbprint = written === undefined ? undefined : readHex(written, 64)
  if (written !== undefined && thumbprint === undefined) {
    throw refuseParameter('parameter_invalid', 'thumbprint_sha256')
  }
  return await call.engine.store.read((view) => bySerialNumber(view, call.member, serialNumber, thumbprint))
}
