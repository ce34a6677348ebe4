import { type AuthorityId, authorityId } from '../core/brand.ts'
import type { Engine } from '../core/engine.ts'
import { TOLERATED_STEP_MS } from '../core/signing-gate.ts'
import type { CheckResult, ReadinessCheck } from '../faces/health/readiness.ts'
import type { FailingCrls } from '../jobs/publish-crls.ts'

const probeLeaseMs = 10_000
/** As long as a new CA's first CRL may take. */
const firstCrlMs = 60_000
const mostOverdue = 20

const ok: CheckResult = { status: 'ok' }
const failed = (reason: string): CheckResult => ({ status: 'failed', reason })

/** What has to be well before this process is sent requests. */
export function readinessChecks(engine: Engine, failingCrls: FailingCrls): readonly ReadinessCheck[] {
  const holder = Buffer.from(engine.random.bytes(8)).toString('hex')
  return [
    { name: 'storage', run: () => storageWrites(engine, holder) },
    { name: 'signer', run: () => signerSigns(engine) },
    { name: 'clock', run: () => clockIsPlausible(engine) },
    { name: 'crls', run: () => crlsAreFresh(engine, failingCrls) },
  ]
}

async function storageWrites({ store, clock }: Engine, holder: string): Promise<CheckResult> {
  if (!store.healthy()) return failed('a write failed: the program has to be started again')
  const name = `readiness:${holder}`
  const now = clock.now()
  await store.write(function* ({ runtime }) {
    yield* runtime.takeLease(name, holder, now, now + probeLeaseMs)
    yield* runtime.releaseLease(name, holder)
  })
  return ok
}

/** No CA key signs for a check: what it signs has a record first. Opening it, and a key of a moment, tell as much. */
async function signerSigns(engine: Engine): Promise<CheckResult> {
  const shut = engine.signingGate.shutFor()
  if (shut === 'restored') return failed('the database is older than what was published: "chancery recover"')
  if (shut !== undefined) return failed(`signing is shut: ${shut}`)
  const operator = await engine.store.read((view) => view.runtime.setting('operator-authority'))
  const { authority } = await engine.directory.issuer(authorityId(Number(operator)))
  // Making a key signs with it and verifies the signature.
  await engine.keyService.generate({
    kind: 'p-256',
    purpose: 'tls-server',
    accountId: authority.accountId,
    now: engine.clock.now(),
  })
  return ok
}

function clockIsPlausible({ clock, signingGate }: Engine): CheckResult {
  const behind = signingGate.lastSigning() - clock.now()
  if (behind <= TOLERATED_STEP_MS) return ok
  return failed(`the clock is ${Math.round(behind / 1000)} s behind the last signature: "chancery clock"`)
}

async function crlsAreFresh(engine: Engine, failing: FailingCrls): Promise<CheckResult> {
  const overdue = await overdueCrls(engine)
  const cas = [...new Set([...overdue, ...failing.keys()])]
  if (cas.length === 0) return ok
  return { status: 'degraded', reason: `no fresh CRL of CA ${cas.slice(0, mostOverdue).join(', ')}` }
}

/** CAs whose CRL is past its nextUpdate, or missing although the CA is not new; at most 20. */
export async function overdueCrls({ store, clock }: Engine): Promise<readonly AuthorityId[]> {
  const now = clock.now()
  return store.read(function* (view) {
    const overdue: AuthorityId[] = []
    for (const id of yield* view.status.crlsDue(now, mostOverdue)) {
      const crl = yield* view.status.latestCrlHeader(id, 0)
      const authority = yield* view.authorities.byId(id)
      const since = crl?.nextUpdate ?? (authority?.createdAt ?? now) + firstCrlMs
      if (since < now) overdue.push(id)
    }
    return overdue
  })
}
