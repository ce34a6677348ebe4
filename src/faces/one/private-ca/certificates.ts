import { authorityChain } from '../../../core/authorities/authority-chain.ts'
import { authorityId } from '../../../core/brand.ts'
import { Fault } from '../../../core/faults.ts'
import {
  type RevocationReasonName,
  revocationReasons,
  revokeInventoryCertificate,
} from '../../../core/lifecycle/change-certificate.ts'
import { type InventoryCertificate, inventory } from '../../../core/lifecycle/inventory.ts'
import { issueFromAuthority } from '../../../core/lifecycle/issue-from-authority.ts'
import { bySerialNumber, inventoryItem } from '../../../core/lifecycle/sight.ts'
import { type LifecycleTemplate, lifecycleTemplate } from '../../../core/lifecycle/templates.ts'
import { versionOf } from '../../../core/version.ts'
import type { Call } from '../call.ts'
import { hexIdOf, readId, uuidOf } from '../ids.ts'
import { dateTime, statusOf } from '../lifecycle/certificate-view.ts'
import { recalledItem } from '../lifecycle/certificates.ts'
import { certificateFiles } from '../lifecycle/delivery.ts'
import { readCsr } from '../lifecycle/issue-body.ts'
import { namingMembers } from '../member-names.ts'
import type { Reader } from '../reader.ts'
import { refuseMember } from '../refusal.ts'
import { created, done, ok, paged } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { readSerialNumber } from '../values.ts'
import { certificateFile, wantsFile } from './files.ts'
import { readNamesOfCsr, readPrivateCaNames, readPrivateCaSubject, withCommonName } from './subject.ts'

const view = { api: 'certificate-authority', method: 'GET', access: 'VIEW_CM_CERTIFICATE' } as const
const reasonNames = Object.keys(revocationReasons) as readonly RevocationReasonName[]

/** Certificates straight from a CA, without profiles and seats. */
export const certificateRoutes = [
  defineRoute({
    api: 'certificate-authority',
    method: 'POST',
    path: '/v1/certificate',
    access: 'CREATE_CM_CERTIFICATE',
    tier: 'A',
    async handler(call) {
      const { engine, member, caller, body } = call
      const issuer = body.requiredId('issuer', 'authority')
      const template = readTemplate(body)
      // Nobody proves possession of a key by its public half. What stands in `csr` then is no CSR to find fault with.
      if (body.choice('csr_type', ['csr', 'spki']) === 'spki')
        throw refuseMember('member_not_served', 'csr_type')
      const csr = readCsr(body)
      if (csr === undefined) body.complain('member_missing', 'csr')
      const asked = {
        subject: readPrivateCaSubject(body.object('subject')),
        names: readPrivateCaNames(body.object('extensions').object('san')),
      }
      const notAfter = readEnd(call)
      body.check()
      if (csr === undefined || template === undefined) throw refuseMember('member_missing', 'csr')
      const saysNobody = asked.subject.length === 0 && asked.names.length === 0
      const { subject, names: wanted } = saysNobody ? readNamesOfCsr(csr) : asked
      const names = template.namesHosts ? withCommonName(wanted, subject) : wanted
      const memberNames = {
        validity: 'validity.valid_to',
        firstName: 'subject.common_name',
        names: saysNobody ? 'csr' : 'extensions.san',
      }
      const request = { authorityId: authorityId(issuer), template, csr, subject, names, notAfter }
      const item = await call.once({
        run: (binding) =>
          namingMembers(memberNames, () => issueFromAuthority(engine, member, request, caller, binding)),
        recall: (bound) => recalledItem(call, bound),
      })
      return created(await issuedView(call, item))
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/certificate',
    tier: 'A',
    async handler(call) {
      const { engine, account, query } = call
      const window = query.window()
      const issuer = query.id('issuer_id', 'authority')
      const { items, total } = await engine.store.read((each) =>
        each.collection(inventory).list({
          accountId: account.id,
          where: [
            issuer === undefined
              ? { column: 'authority_id', is: 'between', from: 1 }
              : { column: 'authority_id', is: 'any-of', values: [issuer] },
          ],
          ...window,
        }),
      )
      return paged(
        items.map((item) => certificateView(item, engine.clock.now())),
        total,
        window,
      )
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/certificate/:id',
    tier: 'A',
    handler: async (call) => shown(call, await meant(call), wantsFile(call)),
  }),
  defineRoute({
    ...view,
    path: '/v1/certificate/:id/download',
    tier: 'A',
    handler: async (call) => shown(call, await meant(call), true),
  }),
  defineRoute({
    api: 'certificate-authority',
    method: 'PUT',
    path: '/v1/certificate/:id/revocation',
    access: 'MANAGE_CM_CERTIFICATE',
    tier: 'A',
    async handler(call) {
      const { engine, member, caller, body } = call
      const name = body.has('revocation_reason') ? 'revocation_reason' : 'reason'
      const reason = body.choice(name, reasonNames) ?? 'unspecified'
      const comment = body.text('comment', { multiline: true }) ?? ''
      body.check()
      const item = await meant(call)
      await revokeInventoryCertificate(
        engine,
        member,
        item,
        { reason, comment },
        call.expectedVersions,
        caller,
      )
      return done
    },
  }),
] as const

/** An id or a serial number stands in the path. @throws Fault certificate_unknown */
async function meant(call: Call<'id'>): Promise<InventoryCertificate> {
  const written = call.pathText('id')
  const id = readId('certificate', written)
  const serialNumber = readSerialNumber(written)
  return await call.engine.store.read((each) => {
    if (id !== undefined) return inventoryItem(each, call.member, id)
    if (serialNumber === undefined) throw new Fault('certificate_unknown', {})
    return bySerialNumber(each, call.member, serialNumber, undefined)
  })
}

async function shown(call: Call, item: InventoryCertificate, asFile: boolean) {
  const { der } = await certificateFiles(call, item)
  if (asFile) return certificateFile(call, der)
  const blob = Buffer.from(der).toString('base64')
  return ok({ ...certificateView(item, call.engine.clock.now()), blob }, versionOf(item))
}

function certificateView(item: InventoryCertificate, now: number) {
  const { revocation } = item
  const isRevoked = item.status === 'revoked'
  return {
    id: uuidOf('certificate', item.id),
    serial_number: item.serialNumber,
    common_name: item.commonName,
    status: statusOf(item, now),
    issuer_id: item.authorityId === null ? undefined : hexIdOf('authority', item.authorityId),
    valid_from: dateTime(item.notBefore),
    valid_to: dateTime(item.notAfter),
    created_date: dateTime(item.createdAt),
    is_revoked: isRevoked,
    revoked_date: isRevoked && revocation !== null ? dateTime(revocation.at) : undefined,
    revoked_reason: isRevoked && revocation !== null ? revocation.reason : undefined,
    thumbprint_sha256: item.thumbprint,
  }
}

async function issuedView(call: Call, item: InventoryCertificate) {
  const { der } = await certificateFiles(call, item)
  if (item.authorityId === null) throw new Fault('certificate_unknown', {})
  const chain = await authorityChain(call.engine, item.authorityId)
  return {
    id: uuidOf('certificate', item.id),
    serial_number: item.serialNumber,
    blob: Buffer.from(der).toString('base64'),
    chain: chain.map(
      ({ parentId, certificateDer }) =>
        ({
          cert_type: parentId === null ? 'root' : 'intermediate',
          blob: Buffer.from(certificateDer).toString('base64'),
        }) as const,
    ),
  }
}

/** The template that is named, or the one for servers. */
function readTemplate(body: Reader): LifecycleTemplate | undefined {
  const template = lifecycleTemplate(body.id('template_id', 'template') ?? 1)
  if (template === undefined) body.complain('member_invalid', 'template_id')
  return template
}

/** How far a start may lie ahead: clocks of clients run fast. */
const tolerance = 5 * 60_000

/** `valid_to`. Certificates begin when they are issued, so a start in the future is refused. */
function readEnd({ body, engine }: Call): number | undefined {
  const validity = body.object('validity')
  const from = validity.instant('valid_from')
  if (from !== undefined && from > engine.clock.now() + tolerance) {
    validity.complain('member_invalid', 'valid_from')
  }
  return validity.comingInstant('valid_to', engine.clock.now())
}
