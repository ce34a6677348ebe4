import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { accountPolicies } from '../identity/account-policy.ts'
import type { Principal } from '../identity/principal.ts'
import { visibleContainer } from '../identity/sight.ts'
import { products } from './catalogue.ts'
import { accountLimits, type ContainerLimits } from './product-limit.ts'

/**
 * Puts limits in the place of those that containers have for the same role. Limits without products take the former
 * ones away: everything may be ordered again.
 *
 * @throws Fault object_unknown for a container out of sight, parameter_invalid for a product there is not,
 *   account_unavailable
 */
export function changeProductLimits(
  { clock, store }: Pick<Engine, 'clock' | 'store'>,
  by: Principal,
  changes: readonly ContainerLimits[],
  caller: Caller,
): Promise<void> {
  const accountId = by.account.id
  const unknown = changes
    .flatMap((each) => each.products)
    .find(({ product }) => !products.some(({ nameId }) => nameId === product))
  if (unknown !== undefined) {
    throw new Fault('parameter_invalid', { parameter: 'product_name_id', reason: 'no product' })
  }
  return store.write(function* (transaction) {
    // The policy exists before the first limits do: whoever holds it changes them alone.
    const policy = yield* transaction.collection(accountPolicies).hold(accountId, accountId)
    if (policy === undefined) throw new Fault('account_unavailable', {})
    for (const { containerId } of changes) yield* visibleContainer(transaction, by, containerId)
    const kept = transaction.collection(accountLimits)
    const former = yield* kept.byId(accountId, accountId)
    const isChanged = (limits: ContainerLimits) =>
      changes.some(({ containerId, role }) => containerId === limits.containerId && role === limits.role)
    const limits = {
      id: accountId,
      accountId,
      containers: [
        ...(former?.containers ?? []).filter((each) => !isChanged(each)),
        ...changes.filter((each) => each.products.length > 0),
      ],
    }
    if (former === undefined) yield* kept.insert(limits)
    else yield* kept.replace(limits)
    transaction.record({
      action: 'account.changed',
      at: clock.now(),
      actor: caller.actor,
      accountId,
      object: `account:${accountId}`,
      requestId: caller.requestId,
      detail: { productLimits: JSON.stringify(changes) },
    })
  })
}
