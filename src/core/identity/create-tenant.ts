import type { AccountRecord } from '../accounts/account.ts'
import {
  type AccountRequest,
  type CreatedAccount,
  createAccount,
  type WhileCreating,
} from '../accounts/create-account.ts'
import type { Caller } from '../audit/caller.ts'
import { type AccountHierarchy, createAccountHierarchy } from '../authorities/create-hierarchy.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { insertFirstProfiles } from '../lifecycle/first-profiles.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { accountPolicies, defaultPolicy } from './account-policy.ts'
import { type Container, containers } from './container.ts'
import { newContainer } from './new-container.ts'
import { rootTemplateId } from './templates.ts'
import { type User, users } from './user.ts'

export interface Tenant extends CreatedAccount {
  readonly authorities: AccountHierarchy
  readonly rootContainer: Container
  readonly administrator: User
}

/**
 * Makes an account that can order and issue at once: its secrets, its private hierarchy, a business unit with profiles
 * of it, its root container, and an administrator whose key is the account's API key. Whoever is cut off in between
 * leaves an account that completes itself at its first use, see `ensureTenant`, and gets its CAs from the operator.
 * @param whileCreating runs in the transaction that stores the account
 * @throws Fault parameter_invalid, account_exists, overloaded
 */
export async function createTenant(
  engine: Engine,
  request: AccountRequest,
  caller: Caller,
  whileCreating?: WhileCreating,
): Promise<Tenant> {
  const created = await createAccount(engine, request, caller, whileCreating)
  const authorities = await createAccountHierarchy(engine, created.account, caller)
  const { rootContainer, administrator } = await engine.store.write(function* (transaction) {
    const { account } = created
    yield* insertFirstProfiles(transaction, account, authorities.issuing.id, engine.clock.now(), caller)
    return yield* ensureTenant(transaction, engine, account, caller)
  })
  return { ...created, authorities, rootContainer, administrator }
}

/**
 * What an account has to have before anything is ordered in it, made where it is absent. Keys of the account that
 * are nobody's become the administrator's.
 */
export function* ensureTenant(
  transaction: Transaction,
  engine: Pick<Engine, 'clock' | 'random'>,
  account: Pick<AccountRecord, 'id' | 'email' | 'name'>,
  caller: Caller,
): Program<Pick<Tenant, 'rootContainer' | 'administrator'>> {
  // Two first requests of an account must not make two of them.
  yield* transaction.accounts.hold(account.id)
  const policy = yield* transaction.collection(accountPolicies).byId(account.id, account.id)
  const found =
    policy === undefined ? undefined : yield* tenantOf(transaction, account, policy.rootContainerId)
  const tenant = found ?? (yield* insertTenant(transaction, engine, account, caller))
  yield* transaction.accounts.adoptApiKeys(account.id, tenant.administrator.id)
  return tenant
}

function* tenantOf(
  transaction: Transaction,
  account: Pick<AccountRecord, 'id'>,
  rootContainerId: number,
): Program<Pick<Tenant, 'rootContainer' | 'administrator'>> {
  const rootContainer = yield* transaction.collection(containers).byId(account.id, rootContainerId)
  const administrators = yield* transaction
    .collection(users)
    .withValue(account.id, 'role', 'administrator', 100)
  const administrator = administrators.find(({ status, isApiOnly }) => status === 'active' && !isApiOnly)
  if (rootContainer === undefined || administrator === undefined) throw new Fault('account_unavailable', {})
  return { rootContainer, administrator }
}

function* insertTenant(
  transaction: Transaction,
  { clock, random }: Pick<Engine, 'clock' | 'random'>,
  account: Pick<AccountRecord, 'id' | 'email' | 'name'>,
  caller: Caller,
): Program<Pick<Tenant, 'rootContainer' | 'administrator'>> {
  const at = clock.now()
  const told = { at, actor: caller.actor, accountId: account.id, requestId: caller.requestId }
  const rootContainer: Container = {
    ...newContainer(random, at),
    id: yield* transaction.collection(containers).nextId(),
    accountId: account.id,
    parentId: null,
    name: account.name,
    templateId: rootTemplateId,
  }
  yield* transaction.collection(containers).insert(rootContainer)
  yield* transaction.collection(accountPolicies).insert(defaultPolicy(account.id, rootContainer.id))
  transaction.record({
    ...told,
    action: 'container.created',
    object: `container:${rootContainer.id}`,
    detail: { name: rootContainer.name },
  })
  const administrator: User = {
    id: yield* transaction.collection(users).nextId(),
    accountId: account.id,
    containerId: rootContainer.id,
    username: account.email,
    firstName: account.name,
    lastName: 'Administrator',
    email: account.email,
    jobTitle: '',
    telephone: '',
    role: 'administrator',
    status: 'active',
    isApiOnly: false,
    containerAssignments: [],
    createdAt: at,
    lastLoginAt: null,
  }
  const inserted = yield* insertUnderFreeName(transaction, administrator)
  transaction.record({
    ...told,
    action: 'user.created',
    object: `user:${inserted.id}`,
    detail: { username: inserted.username, role: inserted.role },
  })
  transaction.configurationChanged()
  return { rootContainer, administrator: inserted }
}

/** The address is the name, unless a user of another account took it. */
function* insertUnderFreeName(transaction: Transaction, user: User): Program<User> {
  if (yield* transaction.collection(users).insert(user)) return user
  const other = { ...user, username: `${user.username}-${user.accountId}` }
  if (yield* transaction.collection(users).insert(other)) return other
  throw new Fault('username_taken', { username: user.username })
}
