import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { loadPolicy } from '../identity/account-policy.ts'
import { createTenant } from '../identity/create-tenant.ts'
import type { Principal } from '../identity/principal.ts'
import { type Subaccount, subaccounts } from './subaccount.ts'

/**
 * Makes an account below the caller's. It can issue at once; nobody above it sees its keys.
 * @returns its administrator's API key, shown once
 * @throws Fault permission_missing for an account that was not granted subaccounts, or is one itself;
 *   parameter_invalid, account_exists, overloaded
 */
export async function createSubaccount(
  engine: Engine,
  by: Principal,
  request: { readonly name: string; readonly email: string },
  caller: Caller,
): Promise<{ readonly subaccount: Subaccount; readonly apiKey: string }> {
  const policy = await engine.store.read((view) => loadPolicy(view, by.account.id))
  if (!policy.subaccounts) throw new Fault('permission_missing', { permission: 'subaccounts:create' })
  const { account, apiKey } = await createTenant(engine, request, caller)
  const subaccount: Subaccount = {
    id: account.id,
    accountId: by.account.id,
    name: account.name,
    email: account.email,
    createdAt: account.createdAt,
  }
  await engine.store.write(function* (transaction) {
    yield* transaction.collection(subaccounts).insert(subaccount)
    transaction.record({
      action: 'subaccount.created',
      at: account.createdAt,
      actor: caller.actor,
      accountId: by.account.id,
      object: `account:${account.id}`,
      requestId: caller.requestId,
      detail: { name: account.name, email: account.email },
    })
  })
  return { subaccount, apiKey }
}
