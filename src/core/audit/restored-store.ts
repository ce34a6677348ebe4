import type { Engine } from '../engine.ts'
import type { HighWater, HighWaterMarks } from '../store/high-water.ts'
import type { Store } from '../store/store.ts'
import type { Caller } from './caller.ts'

/** One place where the database is behind what was once published. */
export interface RestoredFinding {
  /** `crl 12/0` or `chain 2026…`. */
  readonly mark: string
  readonly marked: number
  readonly found: number
}

/**
 * Compares the database with the marks kept outside it. Anything found means that the database was put back from
 * an older copy: what was signed since then is unknown to it, so it must not sign before an operator confirms.
 * Marks that were accepted by an earlier confirmation are passed over.
 */
export async function findRestoredMarks(store: Store, highWater: HighWater): Promise<RestoredFinding[]> {
  const marks = await highWater.read()
  const accepted = await acceptedMarks(store)
  const { numbers, heads } = await store.read(function* (view) {
    return {
      numbers: yield* view.status.crlNumbers(),
      heads: yield* view.audit.headsOf(Object.keys(marks.chains)),
    }
  })
  const numberOf = new Map(
    numbers.map(({ authorityId, shard, number }) => [`${authorityId}/${shard}`, number]),
  )
  const sequenceOf = new Map(heads.map(({ chain, sequence }) => [chain, sequence]))
  const findings: RestoredFinding[] = []
  for (const [mark, number] of Object.entries(marks.crlNumbers)) {
    if (number <= (accepted.crlNumbers[mark] ?? 0)) continue
    const found = numberOf.get(mark) ?? 0
    if (found < number) findings.push({ mark: `crl ${mark}`, marked: number, found })
  }
  for (const [chain, { sequence }] of Object.entries(marks.chains)) {
    if (sequence <= (accepted.chains[chain]?.sequence ?? 0)) continue
    const found = sequenceOf.get(chain) ?? 0
    if (found < sequence) findings.push({ mark: `chain ${chain}`, marked: sequence, found })
  }
  return findings
}

/**
 * Accepts the present marks: the operator knows that the database was restored. CRL numbers go on above every mark.
 * @returns what had been found
 */
export async function confirmRecovery(engine: Engine, caller: Caller): Promise<RestoredFinding[]> {
  const findings = await findRestoredMarks(engine.store, engine.highWater)
  if (findings.length === 0) return findings
  const marks = await engine.highWater.read()
  await engine.store.write(function* (transaction) {
    yield* transaction.runtime.setSetting('recovery', JSON.stringify(marks))
    transaction.record({
      action: 'store.recovery-confirmed',
      at: engine.clock.now(),
      actor: caller.actor,
      accountId: null,
      object: 'store',
      requestId: caller.requestId,
      detail: Object.fromEntries(findings.map((finding) => [finding.mark, finding.marked - finding.found])),
    })
    transaction.configurationChanged()
  })
  engine.signingGate.reopen('restored')
  return findings
}

/** The marks of audit chains that still count: without those an operator accepted after a restore. */
export async function unacceptedMarks(store: Store, highWater: HighWater): Promise<HighWaterMarks> {
  const marks = await highWater.read()
  const accepted = await acceptedMarks(store)
  const chains = Object.entries(marks.chains).filter(
    ([chain, { sequence }]) => sequence > (accepted.chains[chain]?.sequence ?? 0),
  )
  return { ...marks, chains: Object.fromEntries(chains) }
}

const noMarks: HighWaterMarks = { crlNumbers: {}, chains: {} }

async function acceptedMarks(store: Store): Promise<HighWaterMarks> {
  const text = await store.read((view) => view.runtime.setting('recovery'))
  return text === undefined ? noMarks : { ...noMarks, ...(JSON.parse(text) as Partial<HighWaterMarks>) }
}
