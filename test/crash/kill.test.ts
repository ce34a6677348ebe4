import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { StopPoint } from '../../src/core/environment.ts'
import { type StoreKind, storeKinds } from '../support/stores.ts'
import { temporaryFolder } from '../support/tmp.ts'
import { type Ending, KilledSite } from './site.ts'

/** Rounds in all; at least 200 in every run of the suite, 1,000 by `npm run test:crash`. */
const rounds = Number(process.env.CHANCERY_CRASH_ROUNDS ?? 200)
/** On PostgreSQL, whose server survives its clients, a smaller share. */
const shares = { SQLite: 0.9, PostgreSQL: 0.1 } as const
/** Rounds on one installation: comparing takes longer with everything that was ever revoked. */
const ROUNDS_A_SITE = 45

/** Every step of issuance, revocation and publication, and the passages at which the worker may die there. */
const stops: readonly { readonly point: StopPoint; readonly passages: number }[] = [
  { point: 'issue.before-reserve', passages: 30 },
  { point: 'issue.reserved', passages: 30 },
  { point: 'issue.linted', passages: 30 },
  { point: 'issue.signed', passages: 30 },
  { point: 'issue.verified', passages: 30 },
  { point: 'issue.recorded', passages: 30 },
  { point: 'revoke.before-commit', passages: 10 },
  { point: 'revoke.committed', passages: 10 },
  { point: 'crl.built', passages: 3 },
  { point: 'crl.signed', passages: 3 },
  { point: 'crl.recorded', passages: 3 },
]

/** Fewer may all end before anything happens. */
const ENOUGH_ROUNDS = 15

/** Long enough for a hundred certificates. */
const LONGEST_MS = 200

for (const kind of storeKinds) {
  const share = Math.max(1, Math.round(rounds * shares[kind.name]))
  for (let from = 0; from < share; from += ROUNDS_A_SITE) {
    const count = Math.min(ROUNDS_A_SITE, share - from)
    test(
      `S1 R13 R18 ${kind.name}, kills ${from + 1} to ${from + count} of two request loops: nothing acknowledged is lost, nothing is signed unrecorded`,
      { skip: kind.skip },
      (context) => killAgainAndAgain(context, kind, from, count),
    )
  }
}

async function killAgainAndAgain(context: TestContext, kind: StoreKind, from: number, count: number) {
  const folder = temporaryFolder(context, 'crash')
  const site = await KilledSite.prepare(folder, await kind.place(context))
  let acknowledged = 0
  let unfinished = 0
  try {
    for (let round = from; round < from + count; round++) {
      const comparison = await site.round(endingOf(round))
      acknowledged += comparison.acknowledged
      unfinished += comparison.unfinished
    }
  } finally {
    const { firstBroken } = await site.close()
    assert.equal(firstBroken, undefined)
  }
  context.diagnostic(`${acknowledged} acts acknowledged, ${unfinished} certificates left unfinished`)
  if (count < ENOUGH_ROUNDS) return
  assert.ok(acknowledged > count, 'there was load')
  assert.ok(unfinished > 0, 'crashes hit certificates on their way')
}

/** By turns at any time and at a stop point. */
function endingOf(round: number): Ending {
  if (round % 2 === 0) {
    return { afterMs: Math.random() * LONGEST_MS, of: round % 8 === 0 ? 'opening' : 'working' }
  }
  const { point, passages } = stops[((round - 1) / 2) % stops.length] ?? {
    point: 'issue.signed',
    passages: 1,
  }
  return { point, passage: 1 + Math.floor(Math.random() * passages) }
}
