import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  aCrl,
  anAccount,
  anAuthority,
  aReservation,
  aStatus,
  issuerHashes,
  NOW,
  octets,
} from '../../../test/support/store-records.ts'
import { temporaryFolder } from '../../../test/support/tmp.ts'
import { accountId, authorityId, certificateId } from '../../core/brand.ts'
import type { Program } from '../../core/store/program.ts'
import { sqliteDialect } from '../dialect.ts'
import { migrate } from '../migrations/migrate.ts'
import { programsOf } from '../programs/index.ts'
import { BoundStatement } from '../statement.ts'
import { SqliteConnection } from './connection.ts'
import { sqliteMigrationSession } from './migration-session.ts'

const dialect = sqliteDialect()
const { accounts, authorities, certificates, status, keys, audit } = programsOf(dialect)
const account = accountId(1)
const ca = authorityId(1)
const digest = octets(32)
const reservation = aReservation()
const asked = { accountId: account, after: 0, limit: 10 }

/** What may run however many rows there are. */
const programs: Readonly<Record<string, () => Program<unknown>>> = {
  'an account by address': () => accounts.byEmail('a@example.test'),
  'a page of accounts': () => accounts.page(5, 10),
  'a session': () => accounts.session(digest),
  'idle sessions dropped': () => accounts.removeIdleSessions(NOW, 10),
  'sessions of an account dropped': () => accounts.removeSessionsOf(account),
  'an API key': () => accounts.apiKey('0'),
  'API keys of an account': () => accounts.apiKeysOf(account),
  'CAs of an account': () => authorities.ofAccount(account),
  'CAs of an account and door': () => authorities.ofAccount(account, 'tinycert'),
  'a page of CAs': () => authorities.page(5, 10),
  'CAs by serial number': () => authorities.withSerialNumber(account, digest),
  'a CA by SHA-1 hashes': () => authorities.byIssuerHashes('sha1', digest, digest),
  'a CA by SHA-256 hashes': () => authorities.byIssuerHashes('sha256', digest, digest),
  'responders that are due': () => authorities.withoutResponderAt(NOW, NOW, 10),
  'CAs created lately': () => authorities.countCreatedSince(account, 'tinycert', NOW),
  'a reservation': () => certificates.reserve(reservation),
  'its completion': () => certificates.complete(certificateId(1), reservation.attempt, digest, NOW),
  'its end': () => certificates.end(certificateId(1), 'closed'),
  'a certificate by id': () => certificates.byId(account, certificateId(1)),
  'a certificate by serial number': () => certificates.bySerialNumber(ca, digest),
  'a list of all': () => certificates.list(asked),
  'a list of current ones': () => certificates.list({ ...asked, current: true }),
  'a list of one CA': () => certificates.list({ ...asked, authorityId: ca }),
  'a list of one CA and door': () =>
    certificates.list({ ...asked, authorityId: ca, origin: 'tinycert', current: true }),
  'certificates over a key': () => certificates.withKey(digest, NOW, 0, 10),
  'certificates created lately': () => certificates.countCreatedSince(account, 'tinycert', NOW),
  'an OCSP standing': () => certificates.standings([{ authorityId: ca, serialNumber: digest }]),
  'a successor': () => certificates.supersede(certificateId(1), certificateId(2), NOW),
  'a status': () => status.of(certificateId(1)),
  'a revocation': () => status.set(aStatus({ certificateId: certificateId(1), serialNumber: digest })),
  'a reinstatement': () => status.clear(certificateId(1)),
  'a page of revoked ones': () => status.page(ca, NOW, 5, 10),
  'closed reservations': () => status.closed(ca, NOW, 0, 10),
  'CRLs that are due': () => status.crlsDue(NOW, 10),
  'a CRL': () => status.insertCrl(aCrl(5), { changes: 0, follows: 0 }),
  'a blocked key': () => status.keyBlocked(digest),
  'a key by its public key': () => keys.bySpkiDigest(digest),
  'keys under the master key': () => keys.masterWrapped('0', 10),
  'a page of events': () => audit.page('chain', 5, 10),
}

/** What sorts the few rows of one account or one key. */
const sortsFew = [
  'API keys of an account',
  'CAs of an account',
  'CAs of an account and door',
  'certificates over a key',
]

test('nothing that requests or jobs do reads a whole table or sorts many rows', async (t) => {
  const connection = new SqliteConnection(join(temporaryFolder(t), 'plans.db'), 'writer')
  t.after(() => connection.close())
  await migrate(dialect, sqliteMigrationSession(connection))
  connection.drive(accounts.insert(anAccount()))
  connection.drive(authorities.insert(anAuthority(), issuerHashes()))
  for (const [what, program] of Object.entries(programs)) {
    const run = program()
    let turn = run.next()
    while (!turn.done) {
      const step = turn.value
      assert.ok(step instanceof BoundStatement)
      const plan = connection.run(explained(step)) as readonly { readonly detail: string }[]
      for (const { detail } of plan) {
        // The list given as a parameter is not a table.
        if (detail.includes('json_each')) continue
        const grows = sortsFew.includes(what) ? /^SCAN/ : /^SCAN|TEMP B-TREE/
        assert.doesNotMatch(detail, grows, `${what}: ${step.statement.text}`)
      }
      turn = run.next(connection.run(step))
    }
  }
})

function explained({ statement, values }: BoundStatement): BoundStatement {
  const text = `EXPLAIN QUERY PLAN ${statement.text}`
  return new BoundStatement({ text, name: '', kind: 'rows', writes: false }, values)
}
