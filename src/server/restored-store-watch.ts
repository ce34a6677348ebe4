import { findRestoredMarks } from '../core/audit/restored-store.ts'
import type { Engine } from '../core/engine.ts'

const pollMs = 500

/**
 * Shuts the signing gate while the database is behind what was published from it, and opens it when an
 * operator has confirmed that, in whichever process he did.
 */
export async function watchRestoredStore(engine: Engine): Promise<{ stop(): void }> {
  const { store, highWater, signingGate, log } = engine
  const findings = await findRestoredMarks(store, highWater)
  if (findings.length === 0) return { stop: () => {} }
  signingGate.shut('restored')
  log.error(
    { findings },
    'the database is older than what was published from it: nothing is signed; see "chancery recover"',
  )
  let epoch = store.configurationEpoch()
  const look = async () => {
    if (store.configurationEpoch() === epoch) return
    epoch = store.configurationEpoch()
    if ((await findRestoredMarks(store, highWater)).length > 0) return
    clearInterval(timer)
    signingGate.reopen('restored')
    log.info({}, 'the restored database was confirmed: signing goes on')
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) =>
      log.error({ err: error }, 'the marks of a restored database cannot be read'),
    )
  }, pollMs).unref()
  return { stop: () => clearInterval(timer) }
}
