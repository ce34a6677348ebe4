import type { Action } from '../../src/core/audit/event.ts'
import { certificateId } from '../../src/core/brand.ts'
import type { RevocationReason } from '../../src/core/certificates/certificate.ts'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { reissueCertificate } from '../../src/core/certificates/reissue.ts'
import { isFault } from '../../src/core/faults.ts'
import type { Store } from '../../src/core/store/store.ts'
import { openEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { csrWish, type Door, dnsName, doorOf } from '../support/issuing.ts'
import { lastFirst, type StoreKind } from '../support/stores.ts'
import { type Scope, temporaryFolder } from '../support/tmp.ts'

type Counted = Extract<
  Action,
  | 'certificate.issued'
  | 'certificate.revoked'
  | 'certificate.held'
  | 'certificate.reinstated'
  | 'certificate.refused'
>

/** How often each was acknowledged, or told. */
export type Counts = Record<Counted, number>

const none = (): Counts => ({
  'certificate.issued': 0,
  'certificate.revoked': 0,
  'certificate.held': 0,
  'certificate.reinstated': 0,
  'certificate.refused': 0,
})

const CLIENTS = 32
const EVENTS_A_PAGE = 1_000
/** Certificates that one client may still change; older ones are forgotten. */
const OWN = 50

/**
 * Two request loops on one store, as busy as `CLIENTS` clients can make them, for some time.
 * @returns what clients were told, and what the audit log tells of the same time
 */
export async function fullLoad(
  context: Scope,
  kind: StoreKind,
  milliseconds: number,
): Promise<{ readonly acknowledged: Counts; readonly told: Counts }> {
  const scope = lastFirst(context)
  const { location } = await kind.place(scope)
  const folder = temporaryFolder(scope, 'load')
  const open = async () => {
    const engine = await openEngine({ folder, location })
    scope.after(() => engine.close())
    return engine
  }
  const first = await open()
  const own = await testAccount(first)
  const engines = [first, await open()]
  const before = await countEvents(first.store)
  const acknowledged = none()
  const until = performance.now() + milliseconds
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index) => {
      const engine = engines[index % engines.length] ?? first
      const client = new Client(engine, doorOf(engine, own.issuing), acknowledged, index)
      while (performance.now() < until) await client.act()
    }),
  )
  const after = await countEvents(first.store)
  const told = none()
  for (const action of counted) told[action] = after[action] - before[action]
  return { acknowledged, told }
}

const counted: readonly Counted[] = [
  'certificate.issued',
  'certificate.revoked',
  'certificate.held',
  'certificate.reinstated',
  'certificate.refused',
]

export async function countEvents(store: Pick<Store, 'read'>): Promise<Counts> {
  const counts: Record<string, number> = none()
  for (const { chain } of await store.read((view) => view.audit.heads())) {
    for (let after = 0; ; ) {
      const page = await store.read((view) => view.audit.page(chain, after, EVENTS_A_PAGE))
      for (const { body } of page) {
        const { action } = JSON.parse(body)
        const count = counts[action]
        if (count !== undefined) counts[action] = count + 1
      }
      const last = page.at(-1)
      if (last === undefined) break
      after = last.sequence
    }
  }
  return { ...none(), ...counts }
}

const reasons: readonly RevocationReason[] = [0, 1, 3, 4, 5, 9]

/** One caller with certificates of his own, so that he knows what each wish has to lead to. */
class Client {
  readonly #engine: TestEngine
  readonly #door: Door
  readonly #acknowledged: Counts
  readonly #name: string
  readonly #good: number[] = []
  #turn: number

  constructor(engine: TestEngine, door: Door, acknowledged: Counts, index: number) {
    this.#engine = engine
    this.#door = door
    this.#acknowledged = acknowledged
    this.#name = `client-${index}`
    this.#turn = index
  }

  /** Of ten acts six are issuances. A busy store did nothing, and nothing is counted. */
  async act(): Promise<void> {
    try {
      await this.#act(this.#turn++)
    } catch (error) {
      if (!isFault(error, 'store_busy')) throw error
    }
  }

  #act(turn: number): Promise<void> {
    switch (turn % 10) {
      case 2:
        return this.#revoke(turn)
      case 4:
        return turn % 20 === 4 ? this.#refusedRequest() : this.#refusedChange()
      case 6:
        return this.#reissue()
      case 8:
        return this.#holdAndLift()
      default:
        return this.#issue(turn)
    }
  }

  async #issue(turn: number): Promise<void> {
    const { id } = await this.#door.issue({ names: [dnsName(`${this.#name}-${turn}.internal`)] })
    this.#acknowledged['certificate.issued']++
    this.#good.push(id)
    if (this.#good.length > OWN) this.#good.shift()
  }

  async #revoke(turn: number): Promise<void> {
    const id = this.#good.pop()
    if (id === undefined) return
    const reason = reasons[turn % reasons.length] ?? 0
    await this.#change(id, 'revoked', reason)
    this.#acknowledged['certificate.revoked']++
    // Again: succeeds, changes nothing and is no act.
    await this.#change(id, 'revoked', reason)
  }

  async #holdAndLift(): Promise<void> {
    const id = this.#good.at(-1)
    if (id === undefined) return
    await this.#change(id, 'hold')
    this.#acknowledged['certificate.held']++
    await this.#change(id, 'good')
    this.#acknowledged['certificate.reinstated']++
  }

  async #reissue(): Promise<void> {
    const id = this.#good.pop()
    if (id === undefined) return
    const reissue = {
      accountId: this.#door.authority.accountId,
      certificateId: certificateId(id),
      origin: 'command-line',
    } as const
    const { id: next } = await reissueCertificate(this.#engine, reissue, testCaller)
    this.#acknowledged['certificate.issued']++
    this.#good.push(next)
    await this.#refused(reissueCertificate(this.#engine, reissue, testCaller))
  }

  #refusedRequest(): Promise<void> {
    return this.#refused(this.#door.issue(csrWish('not a request')))
  }

  #refusedChange(): Promise<void> {
    return this.#refused(this.#change(2 ** 31 - 1, 'revoked'))
  }

  async #refused(act: Promise<unknown>): Promise<void> {
    try {
      await act
    } catch (error) {
      if (!isFault(error) || isFault(error, 'store_busy')) throw error
      this.#acknowledged['certificate.refused']++
      return
    }
    throw new Error('what had to be refused was done')
  }

  #change(id: number, to: 'good' | 'hold' | 'revoked', reason: RevocationReason = 0): Promise<void> {
    const { accountId } = this.#door.authority
    return changeStatus(this.#engine, { accountId, certificateId: certificateId(id), to, reason }, testCaller)
  }
}
