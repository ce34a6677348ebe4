import type { PublicHierarchyOptions } from '../authorities/public-hierarchy.ts'
import type { Instant } from '../brand.ts'
import { checkOrderDomains } from '../domains/check-order-domains.ts'
import type { Engine } from '../engine.ts'
import { isFault } from '../faults.ts'
import { Faults } from '../faults-together.ts'
import type { Principal } from '../identity/principal.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { loadDraftFacts } from './draft-facts.ts'
import { judgeOrder, type OrderDraft } from './draft-order.ts'
import type { OrderWish } from './order-wish.ts'
import { rememberedFacts } from './remembered-facts.ts'

/** The configuration was changed since an order was judged by it. */
export class ConfigurationChanged extends Error {
  constructor() {
    super('the configuration changed while an order was judged by it')
    this.name = 'ConfigurationChanged'
  }
}

/**
 * Judges an order by what is remembered of the configuration; before anything is refused, by what stands in the store.
 * Whoever goes on with the draft has to call `requirePresent`.
 *
 * @throws what `judgeOrder` and `loadDraftFacts` raise
 */
export async function rememberedDraft(
  engine: Engine,
  principal: Principal,
  wish: OrderWish,
  now: Instant,
  options: PublicHierarchyOptions,
): Promise<OrderDraft> {
  try {
    const known = await rememberedFacts(engine, principal, wish, now)
    const draft = await judgeOrder(engine, principal, wish, now, options, known, 'later')
    // Judging makes the public hierarchy where there is none, which changes the configuration itself.
    if (isPresent(engine, draft)) return draft
  } catch (error) {
    if (!isFault(error) && !(error instanceof Faults)) throw error
  }
  return presentDraft(engine, principal, wish, now, options)
}

/**
 * Judges an order by what stands in the store.
 * @throws what `judgeOrder` and `loadDraftFacts` raise
 */
export async function presentDraft(
  engine: Engine,
  principal: Principal,
  wish: OrderWish,
  now: Instant,
  options: PublicHierarchyOptions,
): Promise<OrderDraft> {
  const facts = await engine.store.read((view) => loadDraftFacts(view, principal, wish, now))
  return judgeOrder(engine, principal, wish, now, options, { facts, epoch: undefined }, 'now')
}

/**
 * Whether what was remembered for a draft is still so; false for what was read for it. Transactions know the present
 * epoch, so that it is asked in one.
 */
export function isPresent({ store }: Pick<Engine, 'store'>, { epoch }: Pick<OrderDraft, 'epoch'>): boolean {
  return epoch === store.configurationEpoch()
}

/**
 * Looks again at what was remembered for a draft, and for the first time at what was left for later. Belongs into the
 * transaction that goes on with the draft.
 *
 * @throws ConfigurationChanged when the draft has to be judged by what stands in the store
 */
export function* requirePresent(
  transaction: Transaction,
  engine: Pick<Engine, 'store'>,
  draft: Pick<OrderDraft, 'epoch' | 'namesToJudge'>,
): Program<void> {
  if (draft.epoch !== undefined && !isPresent(engine, draft)) throw new ConfigurationChanged()
  if (draft.namesToJudge === null) return
  try {
    yield* checkOrderDomains(transaction, draft.namesToJudge)
  } catch (error) {
    if (isFault(error)) throw new ConfigurationChanged()
    throw error
  }
}
