import type { Member } from '../access/member.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { OnceBinding } from '../limits/once.ts'
import type { Transaction } from '../store/store.ts'
import { requireVersion } from '../version.ts'
import { type CertificateOwner, certificateOwners } from './certificate-owner.ts'

type Parts = Pick<Engine, 'clock' | 'store'>

/** @throws Fault name_taken */
export function createOwner(
  { clock, store }: Parts,
  { account }: Pick<Member, 'account'>,
  request: Pick<CertificateOwner, 'name' | 'email'>,
  caller: Caller,
  binding: OnceBinding,
): Promise<CertificateOwner> {
  return store.write(function* (transaction) {
    const createdAt = clock.now()
    const owner: CertificateOwner = {
      name: request.name,
      email: request.email.toLowerCase(),
      id: yield* transaction.collection(certificateOwners).nextId(),
      accountId: account.id,
      createdAt,
    }
    if (!(yield* transaction.collection(certificateOwners).insert(owner))) throw taken(owner)
    tell(transaction, 'certificate-owner.created', owner, createdAt, caller)
    yield* binding.bind(transaction, { id: owner.id })
    return owner
  })
}

/** @throws Fault object_unknown, version_conflict, name_taken */
export function changeOwner(
  { clock, store }: Parts,
  { account }: Pick<Member, 'account'>,
  id: number,
  changes: Partial<Pick<CertificateOwner, 'name' | 'email'>>,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* transaction.collection(certificateOwners).hold(account.id, id)
    if (held === undefined) throw unknown()
    requireVersion(held, expected)
    const owner: CertificateOwner = {
      ...held,
      ...changes,
      email: (changes.email ?? held.email).toLowerCase(),
    }
    if (!(yield* transaction.collection(certificateOwners).replace(owner))) throw taken(owner)
    tell(transaction, 'certificate-owner.changed', owner, clock.now(), caller)
  })
}

/** Certificates keep naming an owner who is gone. @throws Fault object_unknown, version_conflict */
export function deleteOwner(
  { clock, store }: Parts,
  { account }: Pick<Member, 'account'>,
  id: number,
  expected: readonly string[] | undefined,
  caller: Caller,
): Promise<void> {
  return store.write(function* (transaction) {
    const held = yield* transaction.collection(certificateOwners).hold(account.id, id)
    if (held === undefined) throw unknown()
    requireVersion(held, expected)
    yield* transaction.collection(certificateOwners).remove(account.id, id)
    tell(transaction, 'certificate-owner.deleted', held, clock.now(), caller)
  })
}

const unknown = (): Fault => new Fault('object_unknown', { object: 'certificate-owner' })

const taken = ({ email }: CertificateOwner): Fault =>
  new Fault('name_taken', { parameter: 'email', name: email })

function tell(
  transaction: Transaction,
  action: 'certificate-owner.created' | 'certificate-owner.changed' | 'certificate-owner.deleted',
  { id, accountId, name, email }: CertificateOwner,
  at: number,
  { actor, requestId }: Caller,
): void {
  transaction.record({
    action,
    at,
    actor,
    accountId,
    object: `certificate-owner:${id}`,
    requestId,
    detail: { name, email },
  })
}
