import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FollowedOrder, nextFollowUp } from './next-follow-up.ts'

const dayMs = 86_400_000
const start = Date.UTC(2026, 10, 22)

/** A plan of a year whose certificate lasts 199 days, and that asks for nothing. */
const plan: FollowedOrder = {
  status: 'issued',
  validFrom: start,
  validUntil: start + 365 * dayMs - 1_000,
  autoReissue: 0,
  autoRenew: 0,
  renewedByOrderId: null,
  certificateId: 8,
  additionalEmails: [],
  disableIssuanceEmail: false,
  issuanceMails: null,
  lead: { notBefore: start, notAfter: start + 199 * dayMs - 1_000 },
}

const mailed = { additionalEmails: ['a@shop.example', 'b@shop.example'] }
const whole = { lead: { notBefore: start, notAfter: start + 365 * dayMs - 1_000 } }

/** The kind of what comes next, and how many days after the start, rounded. */
function next(changes: Partial<FollowedOrder>): readonly [kind: string, day: number] | null {
  const found = nextFollowUp({ ...plan, ...changes })
  return found === null ? null : [found.kind, Math.round((found.at - start) / dayMs)]
}

const cases: readonly (readonly [
  title: string,
  changes: Partial<FollowedOrder>,
  expected: ReturnType<typeof next>,
])[] = [
  ['an order that asks for nothing is left alone', {}, null],
  ['a certificate of a plan is followed 30 days before it ends', { autoReissue: 1 }, ['reissue', 169]],
  [
    'one of a short life is not followed before two thirds of it are over',
    { autoReissue: 1, lead: { notBefore: start, notAfter: start + 30 * dayMs } },
    ['reissue', 20],
  ],
  ['the last certificate of a plan is not followed by another one', { autoReissue: 1, ...whole }, null],
  [
    'but by a renewal where that is asked for, too',
    { autoReissue: 1, autoRenew: 1, ...whole },
    ['renewal', 335],
  ],
  ['the next certificate comes before the renewal', { autoReissue: 1, autoRenew: 1 }, ['reissue', 169]],
  ['an order is renewed 30 days before it ends', { autoRenew: 1 }, ['renewal', 335]],
  ['an order that was renewed is not renewed again', { autoRenew: 1, renewedByOrderId: 7 }, null],
  ['nor one that was renewed elsewhere', { autoRenew: 1, renewedByOrderId: 0 }, null],
  ['an order that waits for its reissue is left alone', { autoReissue: 1, status: 'reissue_pending' }, null],
  [
    'whoever wants to be told of a certificate is told at once',
    { ...mailed, autoReissue: 1 },
    ['issuance-mail', 0],
  ],
  ['nobody is told where the order says so', { ...mailed, disableIssuanceEmail: true }, null],
  [
    'addresses that could not be told are told again',
    { ...mailed, issuanceMails: { certificateId: 8, told: 1 } },
    ['issuance-mail', 0],
  ],
  ['all are told once', { ...mailed, issuanceMails: { certificateId: 8, told: 2 } }, null],
  [
    'and again of the next certificate',
    { ...mailed, issuanceMails: { certificateId: 7, told: 2 } },
    ['issuance-mail', 0],
  ],
  ['a revoked order is left alone', { autoReissue: 1, autoRenew: 1, status: 'revoked' }, null],
  [
    'an order that never began is left alone',
    { autoRenew: 1, status: 'pending', validFrom: null, validUntil: null },
    null,
  ],
]
for (const [title, changes, expected] of cases) {
  test(title, () => assert.deepEqual(next(changes), expected))
}
