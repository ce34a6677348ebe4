import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { type CertificateId, certificateId } from '../../src/core/brand.ts'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import { request } from '../support/certification-requests.ts'
import { openEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { testCaller } from '../support/installation.ts'
import { csrWish, type Door, doorOf, testAuthority } from '../support/issuing.ts'
import { createDatabase, postgresMissing } from '../support/postgres.ts'
import { lastFirst } from '../support/stores.ts'
import { type Scope, temporaryFolder } from '../support/tmp.ts'

/** An engine on PostgreSQL, and a connection that plays another process in the middle of its transaction. */
interface Site {
  readonly engine: TestEngine
  readonly door: Door
  readonly other: Client
}

async function site(test: Scope): Promise<Site> {
  const scope = lastFirst(test)
  const url = await createDatabase(scope)
  const engine = await openEngine({ folder: temporaryFolder(scope), location: { url } })
  scope.after(() => engine.close())
  const { account } = await testAccount(engine)
  const door = doorOf(engine, await testAuthority(engine, account.id, { hold: true }))
  const other = new Client({ connectionString: url })
  await other.connect()
  scope.after(() => other.end())
  return { engine, door, other }
}

/** Proves the key of a certificate to be compromised, as far as it gets while the other transaction is open. */
async function beginProof(
  { engine, door, other }: Site,
  id: CertificateId,
): Promise<{ ended: Promise<void> }> {
  let isEnded = false
  const proof = changeStatus(
    engine,
    {
      accountId: door.authority.accountId,
      certificateId: id,
      to: 'revoked',
      reason: 1,
      proof: 'certificate-key',
    },
    testCaller,
  )
  const ended = proof.finally(() => {
    isEnded = true
  })
  for (let waiting = 0; waiting === 0 && !isEnded; await delay(10)) {
    const { rows } = await other.query<{ count: number }>(
      `select count(*)::int as count from pg_locks where not granted
         and pid in (select pid from pg_stat_activity where datname = current_database())`,
    )
    waiting = rows[0]?.count ?? 0
  }
  return { ended }
}

const freshRequest = () => request({ keys: generateKeyPairSync('ec', { namedCurve: 'P-256' }) })

describe('a proof of key compromise beside transactions of another process', {
  skip: postgresMissing,
}, () => {
  test('R11 a hold that is being lifted does not take the revocation away', async (t) => {
    const at = await site(t)
    const csr = freshRequest()
    const proven = await at.door.issue(csrWish(csr))
    const held = await at.door.issue(csrWish(csr))
    await changeStatus(
      at.engine,
      { accountId: at.door.authority.accountId, certificateId: held.id, to: 'hold' },
      testCaller,
    )
    await at.other.query('begin')
    await at.other.query('select id from certificate where id = $1 for update', [held.id])
    const { ended } = await beginProof(at, proven.id)
    await at.other.query('delete from status where certificate_id = $1', [held.id])
    await at.other.query('commit')
    await ended
    const status = await at.engine.store.read((view) => view.status.of(held.id))
    assert.deepEqual([status?.status, status?.reason], ['revoked', 1])
  })

  test('R11 a certificate that is being recorded is revoked with its siblings', async (t) => {
    const at = await site(t)
    const csr = freshRequest()
    const proven = await at.door.issue(csrWish(csr))
    const stopped = new Error('stopped before it was recorded')
    const stopAt = (point: string) => {
      if (point === 'issue.verified') throw stopped
    }
    await assert.rejects(
      doorOf({ ...at.engine, stopAt }, at.door.authority).issue(csrWish(csr)),
      (error) => error === stopped,
    )
    await at.other.query('begin')
    const { rows } = await at.other.query<{ id: number }>(
      `with claimed as (delete from open_reservation returning certificate_id)
       insert into issuance (certificate_id, signature, issued_at)
       select certificate_id, '\\x00', 0 from claimed returning certificate_id as id`,
    )
    const recorded = certificateId(rows[0]?.id ?? 0)
    const { ended } = await beginProof(at, proven.id)
    await at.other.query('commit')
    await ended
    const status = await at.engine.store.read((view) => view.status.of(recorded))
    assert.deepEqual([status?.status, status?.reason], ['revoked', 1])
  })
})
