import { hash } from 'node:crypto'
import type { AuthorityRecord } from '../../../core/authorities/authority.ts'
import { authorityOf } from '../../../core/authorities/authority-of.ts'
import type { AuthorityRequest } from '../../../core/authorities/authority-request.ts'
import { createAuthority } from '../../../core/authorities/create-authority.ts'
import { privateHierarchyGrants } from '../../../core/authorities/grants.ts'
import { renewAuthority } from '../../../core/authorities/renew-authority.ts'
import { authorityId } from '../../../core/brand.ts'
import { Fault } from '../../../core/faults.ts'
import { parseCertificate } from '../../../pki/certificate.ts'
import { isKeyKind, type KeyKind } from '../../../pki/key-kinds.ts'
import { oids } from '../../../pki/oids.ts'
import { type Call, madeId } from '../call.ts'
import { hexIdOf, readId } from '../ids.ts'
import { dateTime } from '../lifecycle/certificate-view.ts'
import { namingMembers } from '../member-names.ts'
import type { Reader } from '../reader.ts'
import { created, ok, paged } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { authorityTemplates } from './authority-templates.ts'
import { certificateFile } from './files.ts'
import { readPrivateCaSubject } from './subject.ts'

const view = { api: 'certificate-authority', method: 'GET', access: 'VIEW_CM_CA' } as const

/** CAs of the account. */
export const authorityRoutes = [
  defineRoute({
    ...view,
    path: '/v1/ca',
    tier: 'B',
    async handler(call) {
      const { authorities, total, window } = await ownAuthorities(call)
      return paged(authorities.map(authorityView), total, window)
    },
  }),
  defineRoute({
    ...view,
    path: '/v1/ca/:id',
    tier: 'A',
    handler: async (call) => ok(authorityView(await authorityMeant(call))),
  }),
  defineRoute({
    ...view,
    path: '/v1/ca/:id/download',
    tier: 'B',
    handler: async (call) => certificateFile(call, (await authorityMeant(call)).certificateDer),
  }),
  defineRoute({
    api: 'certificate-authority',
    method: 'POST',
    path: '/v1/ca',
    access: 'MANAGE_CM_CA',
    tier: 'B',
    async handler(call) {
      const { engine, account, caller, body } = call
      const name = body.requiredText('name', { longest: 64 })
      const type = body.requiredChoice('cert_type', ['root', 'intermediate'])
      const template = authorityTemplates[type]
      // There is one for each kind: what names another one wants another CA than it would get.
      if ((body.id('template_id', 'template') ?? template.id) !== template.id) {
        body.complain('member_invalid', 'template_id')
      }
      // Keys of other kinds of CA are elsewhere.
      body.choice('ca_type', ['online'])
      const issuer = body.id('issuer', 'authority')
      if (type === 'intermediate' && issuer === undefined) body.complain('member_missing', 'issuer.id')
      const subject = readPrivateCaSubject(body.object('subject'))
      const keyKind = readKeyKind(body)
      const notAfter = readEnd(call)
      body.check()
      const named = subject.some((attribute) => attribute.type === oids.commonName)
      const request = {
        accountId: account.id,
        parentId: type === 'root' ? null : authorityId(issuer ?? 0),
        profile: template.profile,
        role: template.role,
        origin: 'operator',
        name,
        subject: named ? subject : [...subject, { type: oids.commonName, value: name }],
        keyKind,
        strictness: 'private-tls',
        grants: privateHierarchyGrants,
        leafProfile: 'lifecycle-server',
        ...(notAfter !== undefined && { notAfter }),
        contactEmail: account.email,
      } as const
      const authority = await certifiedOnce(call, (whileRecording) =>
        createAuthority(engine, { ...request, whileRecording }, caller),
      )
      return created(authorityView(authority))
    },
  }),
  defineRoute({
    api: 'certificate-authority',
    method: 'POST',
    path: '/v1/ca/:id/recertify',
    access: 'MANAGE_CM_CA',
    tier: 'C',
    body: 'optional',
    async handler(call) {
      const { engine, account, caller, body } = call
      const newKey = body.flag('new_key') ?? false
      const notAfter = readEnd(call)
      body.check()
      const { id } = await authorityMeant(call)
      const renewal = { newKey, ...(notAfter !== undefined && { notAfter }) }
      const authority = await certifiedOnce(call, (whileRecording) =>
        renewAuthority(engine, account.id, id, { ...renewal, whileRecording }, caller),
      )
      return ok(authorityView(authority))
    },
  }),
] as const

/** A page of the CAs of the account. */
export async function ownAuthorities({ engine, account, query }: Call) {
  const window = query.window()
  const all = await engine.store.read((each) => each.authorities.ofAccount(account.id))
  return { authorities: all.slice(window.offset, window.offset + window.limit), total: all.length, window }
}

/** A CA whose certificate counts once for one idempotency key. */
function certifiedOnce(
  call: Call,
  certify: (whileRecording: NonNullable<AuthorityRequest['whileRecording']>) => Promise<AuthorityRecord>,
): Promise<AuthorityRecord> {
  return call.once({
    run: (binding) =>
      namingMembers({ validity: 'validity.valid_to' }, () =>
        certify((transaction, id) => binding.bind(transaction, { id })),
      ),
    recall: (subject) => authorityOf(call.engine, call.account.id, authorityId(madeId(subject))),
  })
}

/**
 * The CA whose id stands in the path, or the id of what belongs to it alone.
 * @throws Fault authority_unknown, also for one of another account
 */
export async function authorityMeant(
  call: Call<'id'>,
  part: 'crl' | 'ocsp-responder' | 'key-pair' | 'authority' = 'authority',
): Promise<AuthorityRecord> {
  const written = call.pathText('id')
  const id = readId(part, written) ?? readId('authority', written)
  if (id === undefined) throw new Fault('authority_unknown', {})
  return await authorityOf(call.engine, call.account.id, authorityId(id))
}

export function authorityView(authority: AuthorityRecord) {
  const { serialNumber, notBefore } = parseCertificate(authority.certificateDer)
  return {
    id: hexIdOf('authority', authority.id),
    name: authority.name,
    status: authority.status === 'active' ? 'active' : 'inactive',
    cert_type: authority.parentId === null ? 'root' : 'intermediate',
    ca_type: 'online',
    issuer_id: hexIdOf('authority', authority.parentId ?? authority.id),
    serial_number: Buffer.from(serialNumber).toString('hex').toUpperCase(),
    thumbprint_sha256: hash('sha256', authority.certificateDer, 'hex').toUpperCase(),
    valid_from: dateTime(notBefore),
    valid_to: dateTime(authority.notAfter),
    created_date: dateTime(authority.createdAt),
  } as const
}

/** `{algorithm: EC or RSA, size}`; P-384 unless something else is asked for. */
function readKeyKind(body: Reader): KeyKind {
  const key = body.object('key')
  const algorithm = key.choice('algorithm', ['EC', 'ECDSA', 'RSA'])
  const size = key.text('size')?.toLowerCase() ?? (algorithm === 'RSA' ? '3072' : 'p-384')
  const kind = algorithm === 'RSA' || /^\d+$/.test(size) ? `rsa-${size}` : size
  // A size of another algorithm is a slip: whoever made it would get other keys than he named.
  const named = algorithm === undefined ? '' : algorithm === 'RSA' ? 'rsa-' : 'p-'
  if (isKeyKind(kind) && kind.startsWith(named)) return kind
  key.complain('member_invalid', 'size')
  return 'p-384'
}

/** `valid_to`, the last instant; undefined: the usual lifetime. */
function readEnd({ body, engine }: Call): number | undefined {
  return body.object('validity').comingInstant('valid_to', engine.clock.now())
}
