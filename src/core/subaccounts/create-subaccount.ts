import type { AccountRecord } from '../accounts/account.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { loadPolicy } from '../identity/account-policy.ts'
import { createTenant } from '../identity/create-tenant.ts'
import type { Principal } from '../identity/principal.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
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
  const { account, apiKey } = await createTenant(engine, request, caller, (transaction, made) =>
    link(transaction, by, made, caller),
  )
  return { subaccount: subaccountOf(by, account), apiKey }
}

function subaccountOf(by: Principal, { id, name, email, createdAt }: AccountRecord): Subaccount {
  return { id, accountId: by.account.id, name, email, createdAt }
}

/** Stored with the account itself: no account is left behind that nobody looks after. */
function* link(
  transaction: Transaction,
  by: Principal,
  account: AccountRecord,
  { actor, requestId }: Caller,
): Program<void> {
  yield* transaction.collection(subaccounts).insert(subaccountOf(by, account))
  transaction.record({
    action: 'subaccount.created',
    at: account.createdAt,
    actor,
    accountId: by.account.id,
    object: `account:${account.id}`,
    requestId,
    detail: { name: account.name, email: account.email },
  })
}
