import { verifySignatureOnThread } from '../../pki/algorithms.ts'
import { parseCrlInSteps } from '../../pki/crl.ts'
import { assembleCrl } from '../../pki/crl-builder.ts'
import { systemCaller } from '../audit/caller.ts'
import type { Event } from '../audit/event.ts'
import type { Issuer } from '../authorities/issuer.ts'
import type { AuthorityId, Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { TOLERATED_STEP_MS } from '../signing-gate.ts'
import { wholeSeconds } from '../whole-seconds.ts'
import { type CrlDraft, draftCrls } from './crl-entries.ts'
import type { CrlRecord } from './crl-record.ts'
import { crlUrl } from './crl-shards.ts'
import { CrlRefused, checkSuccession } from './crl-succession.ts'
import { crlsAhead } from './given-up-crls.ts'
import { inTurns } from './in-turns.ts'

/** CRLs of one CA and shard are at least this far apart, so that thisUpdate, in whole seconds, rises. */
const CLOSEST_MS = 1_000
/** A clock that runs ahead is put right sooner: certificates that had ended before have been on a CRL since. */
const NOTICED_MS = 90 * 24 * 3_600_000

/**
 * Makes and publishes the CRLs of a CA, all shards together: snapshot, next number, build, compare with the one
 * before, sign, verify, read again, store. Whatever fails leaves the old CRLs in place. Does nothing when the last
 * CRL is younger than a second or another process was faster.
 *
 * CRLs that a clock made which ran ahead are followed once an operator accepted that it was put back (see
 * src/core/clock-step.ts): under higher numbers, at the present time, by all that the clock took for expired.
 *
 * @returns whether new CRLs were published
 * @throws CrlRefused; Fault authority_unknown, authority_unusable, signing_refused; store faults
 */
export async function publishCrl(engine: Engine, id: AuthorityId): Promise<boolean> {
  const issuer = await engine.directory.issuer(id)
  const changes = await engine.store.read((view) => view.status.changes(id))
  const previous = await previousCrls(engine, issuer)
  const thisUpdate = wholeSeconds(engine.clock.now())
  const latest = Math.max(0, ...previous.map((crl) => crl?.thisUpdate ?? 0))
  const isStepBack = latest > thisUpdate + TOLERATED_STEP_MS
  if (isStepBack) await learnFrom(engine, previous, thisUpdate)
  engine.signingGate.admit(thisUpdate)
  if (thisUpdate - latest < CLOSEST_MS && !isStepBack) return false
  const number = await nextNumber(engine, issuer, previous, thisUpdate)
  const nextUpdate = thisUpdate + engine.settings.crlValidityMs
  // An entry stays until one CRL was made after the certificate's end.
  const endAfter = isStepBack
    ? thisUpdate - NOTICED_MS
    : Math.min(...previous.map((crl) => crl?.thisUpdate ?? 0)) - 1
  const drafts = await draftCrls(
    engine.store,
    id,
    endAfter,
    thisUpdate,
    previous.map((_, shard) => ({
      issuerDer: issuer.authority.subjectDer,
      signatureAlgorithm: issuer.authority.signatureAlgorithm,
      nextUpdate,
      crlNumber: number,
      authorityKeyIdentifier: issuer.keyIdentifier,
      ...(previous.length === 1 ? {} : { issuingDistributionPoint: scopeOf(engine, issuer, shard) }),
    })),
  )
  await engine.stopAt?.('crl.built')
  const records: CrlRecord[] = []
  for (const draft of drafts) {
    const before = previous[draft.shard]
    if (before !== undefined) {
      const parsed = await inTurns(parseCrlInSteps(before.der))
      await checkSuccession(
        engine.store,
        issuer.authority,
        parsed,
        { ...draft, number, thisUpdate, isStepBack },
        endAfter,
      )
    }
    const der = await signCrl(engine, issuer, draft)
    records.push({
      authorityId: id,
      shard: draft.shard,
      number,
      thisUpdate,
      nextUpdate,
      entries: draft.entries,
      der,
    })
  }
  await engine.stopAt?.('crl.signed')
  const follows = previous.map((crl) => crl?.number ?? 0)
  return record(engine, issuer, records, changes, follows)
}

/** Whoever signed a CRL ahead of time may not have lived to tell when. */
async function learnFrom(
  { store, signingGate }: Engine,
  previous: readonly (CrlRecord | undefined)[],
  thisUpdate: Instant,
): Promise<void> {
  const present = previous.filter((crl) => crl !== undefined)
  const ahead = await store.read((view) => crlsAhead(view, present, thisUpdate))
  const { steps } = signingGate.mark()
  for (const crl of ahead) signingGate.learn({ at: crl.thisUpdate, steps })
}

async function previousCrls(engine: Engine, issuer: Issuer): Promise<(CrlRecord | undefined)[]> {
  const { id, crlShards } = issuer.authority
  const crls: (CrlRecord | undefined)[] = []
  for (let shard = 0; shard < crlShards; shard++) {
    crls.push(await engine.store.read((view) => view.status.latestCrl(id, shard)))
  }
  return crls
}

/** Above every number used, also by a database since lost: numbers follow the clock, and the marks outside it. */
async function nextNumber(
  engine: Engine,
  issuer: Issuer,
  previous: readonly (CrlRecord | undefined)[],
  thisUpdate: Instant,
): Promise<number> {
  const { crlNumbers: marks } = await engine.highWater.read()
  const used = previous.flatMap((crl, shard) => [
    crl?.number ?? 0,
    marks[`${issuer.authority.id}/${shard}`] ?? 0,
  ])
  return Math.max(Math.floor(thisUpdate / 1_000), ...used.map((number) => number + 1))
}

function scopeOf(engine: Engine, issuer: Issuer, shard: number) {
  const { publicUrl } = engine.settings
  return { urls: [crlUrl({ ...issuer.authority, publicUrl }, shard)] }
}

async function signCrl(engine: Engine, issuer: Issuer, draft: CrlDraft): Promise<Uint8Array> {
  const { signer, publicKey } = issuer
  const signature = await signer.sign(draft.tbsDer)
  if (!(await verifySignatureOnThread(signer.algorithm, publicKey, draft.tbsDer, signature))) {
    throw new CrlRefused('the signature does not verify under the key of the CA')
  }
  const der = assembleCrl(draft.tbsDer, signer.algorithm, signature)
  const read = await inTurns(parseCrlInSteps(der))
  if (read.entryCount !== draft.entries) throw new CrlRefused('another number of entries than was built')
  engine.log.info(
    { authority: issuer.authority.id, shard: draft.shard, entries: draft.entries },
    'CRL signed',
  )
  return der
}

/**
 * Another process published first. What was built here was not compared with its CRLs and may lack what they list,
 * even under higher numbers.
 */
class Overtaken extends Error {}

async function record(
  engine: Engine,
  issuer: Issuer,
  records: readonly CrlRecord[],
  changes: number,
  follows: readonly number[],
): Promise<boolean> {
  try {
    await engine.store.write(function* (transaction) {
      for (const crl of records) {
        const basis = { changes, follows: follows[crl.shard] ?? 0 }
        if (!(yield* transaction.status.insertCrl(crl, basis))) throw new Overtaken()
        transaction.record(publishedEvent(engine, issuer, crl))
      }
    })
  } catch (error) {
    if (error instanceof Overtaken) return false
    throw error
  }
  await engine.stopAt?.('crl.recorded')
  await engine.highWater.raise({
    crlNumbers: Object.fromEntries(records.map((crl) => [`${crl.authorityId}/${crl.shard}`, crl.number])),
  })
  return true
}

function publishedEvent(engine: Engine, issuer: Issuer, crl: CrlRecord): Event {
  return {
    action: 'crl.published',
    at: engine.clock.now(),
    actor: systemCaller.actor,
    accountId: issuer.authority.accountId,
    object: `authority:${crl.authorityId}`,
    requestId: null,
    detail: { shard: crl.shard, number: crl.number, entries: crl.entries, nextUpdate: crl.nextUpdate },
  }
}
