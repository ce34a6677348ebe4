import { Fault } from '../../../core/faults.ts'
import { annotateCertificates } from '../../../core/lifecycle/annotate-certificate.ts'
import { type CertificateOwner, certificateOwners } from '../../../core/lifecycle/certificate-owner.ts'
import { changeOwner, createOwner, deleteOwner } from '../../../core/lifecycle/manage-owners.ts'
import { versionOf } from '../../../core/version.ts'
import { type Call, madeId } from '../call.ts'
import { readId, uuidOf } from '../ids.ts'
import { refuseMember } from '../refusal.ts'
import { done, ok, paged } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { dateTime } from './certificate-view.ts'

const view = { api: 'mpki', method: 'GET', access: 'VIEW_EM_CERTIFICATE', tier: 'C' } as const
const manage = { api: 'mpki', access: 'MANAGE_EM_CERTIFICATE', tier: 'C' } as const

/** To whom certificates belong. */
export const ownerRoutes = [
  defineRoute({
    ...view,
    path: '/v1/certificate-owners',
    async handler(call) {
      const { engine, account, query } = call
      call.requireAccountInQuery()
      const window = query.window()
      const sort = query.sort<'email' | 'id'>({ email: 'email', created_at: 'id' })
      const { items, total } = await engine.store.read((each) =>
        each.collection(certificateOwners).list({ accountId: account.id, where: [], sort, ...window }),
      )
      return paged(items.map(ownerView), total, window)
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/v1/certificate-owners',
    async handler(call) {
      const { engine, member, caller, body } = call
      body.requiredText('account_id')
      const email = body.email('email')
      if (!body.has('email')) body.complain('member_missing', 'email')
      const name = body.text('name') ?? email ?? ''
      body.check()
      const owner = await call.once({
        run: (binding) => createOwner(engine, member, { name, email: email ?? '' }, caller, binding),
        recall: (subject) => ownerById(call, madeId(subject)),
      })
      // 200, where everything else that is made is answered with 201.
      return ok(ownerView(owner))
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/certificate-owners/:id',
    async handler(call) {
      const owner = await meant(call)
      return ok(ownerView(owner), versionOf(owner))
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/v1/certificate-owners/:id',
    async handler(call) {
      const { engine, member, caller, body } = call
      const name = body.text('name')
      const email = body.email('email')
      body.check()
      const changes = { ...(name !== undefined && { name }), ...(email !== undefined && { email }) }
      await changeOwner(engine, member, (await meant(call)).id, changes, call.expectedVersions, caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/v1/certificate-owners/:id',
    async handler(call) {
      const { id } = await meant(call)
      await deleteOwner(call.engine, call.member, id, call.expectedVersions, call.caller)
      return done
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/v1/certificate-owners/assign',
    async handler(call) {
      const { engine, account, member, caller, body } = call
      const certificates = body.texts('certificate_ids').map((id) => readId('certificate', id) ?? 0)
      const owners = body.texts('cert_owner_ids').map((id) => readId('owner', id) ?? 0)
      if (certificates.length === 0) body.complain('member_missing', 'certificate_ids')
      if (certificates.length > 1000) body.complain('member_invalid', 'certificate_ids')
      if (owners.length > 100) body.complain('member_invalid', 'cert_owner_ids')
      body.check()
      const known = await engine.store.read((each) =>
        each.collection(certificateOwners).byIds(account.id, owners),
      )
      if (known.length !== new Set(owners).size) throw refuseMember('member_invalid', 'cert_owner_ids')
      await annotateCertificates(engine, member, certificates, () => ({ ownerIds: owners }), caller)
      return done
    },
  }),
] as const

function meant(call: Call<'id'>): Promise<CertificateOwner> {
  return ownerById(call, call.pathId('id', 'owner', 'certificate-owner'))
}

async function ownerById({ engine, account }: Call, id: number): Promise<CertificateOwner> {
  const owner = await engine.store.read((each) => each.collection(certificateOwners).byId(account.id, id))
  if (owner === undefined) throw new Fault('object_unknown', { object: 'certificate-owner' })
  return owner
}

function ownerView({ id, accountId, name, email, createdAt }: CertificateOwner) {
  return {
    id: uuidOf('owner', id),
    account_id: uuidOf('account', accountId),
    name,
    email,
    created_at: dateTime(createdAt),
  }
}
