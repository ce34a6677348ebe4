import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { AuthorityId, Instant } from '../brand.ts'
import { issueCertificate } from '../certificates/issue.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { NameRequest } from '../policy/names/name-request.ts'
import type { AttributeRequest } from '../policy/names/subject.ts'
import { type InventoryCertificate, inventory } from './inventory.ts'
import { newItem } from './new-item.ts'
import type { LifecycleTemplate } from './templates.ts'

/** A wish for a certificate of one CA, without a profile. */
export interface AuthorityCertificateRequest {
  readonly authorityId: AuthorityId
  readonly template: LifecycleTemplate
  /** DER */
  readonly csr: Uint8Array
  readonly subject: readonly AttributeRequest[]
  readonly names: readonly NameRequest[]
  /** The last instant; undefined: the usual lifetime, or to the end of the CA if that is earlier. */
  readonly notAfter: Instant | undefined
}

const dayMs = 86_400_000
const usualDays = 365

/**
 * Issues from a CA of the account and puts the certificate into the inventory.
 * @throws Fault authority_unknown for one of another account; what `issueCertificate` raises
 */
export async function issueFromAuthority(
  engine: Engine,
  { account }: Pick<Member, 'account'>,
  request: AuthorityCertificateRequest,
  caller: Caller,
  binding: OnceBinding,
): Promise<InventoryCertificate> {
  const authority = await engine.store.read((view) => view.authorities.byId(request.authorityId))
  if (authority === undefined || authority.accountId !== account.id) throw new Fault('authority_unknown', {})
  const usualEnd = engine.clock.now() + usualDays * dayMs - 1_000
  let item: InventoryCertificate | undefined
  await issueCertificate(
    engine,
    {
      accountId: account.id,
      authorityId: request.authorityId,
      profile: request.template.leafProfile,
      origin: 'one',
      key: { from: 'request', csr: request.csr },
      names: request.names,
      subject: request.subject,
      notAfter: request.notAfter ?? Math.min(usualEnd, authority.notAfter),
      *whileRecording(transaction, issued) {
        const at = engine.clock.now()
        const made = yield* newItem(transaction, account.id, issued.certificateDer, at, {
          source: 'issued',
          certificateId: issued.id,
          authorityId: issued.authority.id,
        })
        yield* transaction.collection(inventory).insert(made)
        yield* binding.bind(transaction, { inventoryId: made.id })
        item = made
      },
    },
    caller,
  )
  if (item === undefined) throw new Fault('issuance_uncertain', {})
  return item
}
