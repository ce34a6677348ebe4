import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { suiteEngine, testAccount, testRequest } from '../../../test/support/engine.ts'
import { testCaller } from '../../../test/support/installation.ts'
import { testAuthority } from '../../../test/support/issuing.ts'
import { openssl } from '../../../test/support/openssl.ts'
import { storeKinds } from '../../../test/support/stores.ts'
import { parseCertificate } from '../../pki/certificate.ts'
import { oids } from '../../pki/oids.ts'
import { pemEncode } from '../../pki/pem.ts'
import type { AccountId, AuthorityId } from '../brand.ts'
import { certificateOf } from '../certificates/certificate-of.ts'
import { issueCertificate } from '../certificates/issue.ts'
import type { IssueRequest } from '../certificates/issue-request.ts'
import { type FaultCode, isFault } from '../faults.ts'
import { lint } from '../lint/lint.ts'
import { publicPurposes } from '../profiles/public-authorities.ts'
import { publishCrl } from '../status/publish-crl.ts'
import { renewResponder } from '../status/renew-responder.ts'
import { authorityOf } from './authority-of.ts'
import { ensurePublicHierarchy } from './public-hierarchy.ts'

const neverPauses = { pause: () => Promise.reject(new Error('nobody else is making it')) }
/** Half of the time that is asked for: long enough for whoever makes it, however busy the machine is. */
const pauses = { pause: (milliseconds: number) => delay(milliseconds / 2) }
const refusedWith = (code: FaultCode) => (error: unknown) => isFault(error, code)

for (const kind of storeKinds) {
  describe(`the public hierarchy on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let operator: Awaited<ReturnType<typeof testAccount>>
    let customer: Awaited<ReturnType<typeof testAccount>>
    before(async () => {
      operator = await testAccount(engine(), 'operator@example.test')
      customer = await testAccount(engine(), 'customer@example.test')
    })

    async function issue(
      accountId: AccountId,
      authority: AuthorityId,
      name = 'www.example.com',
      lifetimeDays = 90,
      more: Pick<IssueRequest, 'publiclyValidated' | 'notAfter'> = { publiclyValidated: true },
    ) {
      return issueCertificate(
        engine(),
        {
          accountId,
          authorityId: authority,
          profile: 'tls-dv',
          origin: 'command-line',
          key: { from: 'request', csr: await testRequest() },
          names: [{ type: 'dns', value: name, parameter: 'name' }],
          subject: [],
          lifetimeDays,
          ...more,
        },
        testCaller,
      )
    }

    test('is not made while nobody operates the installation', async () => {
      await assert.rejects(
        ensurePublicHierarchy(engine(), 'tls', neverPauses),
        refusedWith('authority_unusable'),
      )
      await engine().store.write(function* (transaction) {
        yield* transaction.runtime.setSetting('operator-account', String(operator.account.id))
        transaction.configurationChanged()
      })
    })

    test('is made once however many ask for it at the same time', async () => {
      const asked = await Promise.all([1, 2, 3, 4].map(() => ensurePublicHierarchy(engine(), 'tls', pauses)))
      const again = await ensurePublicHierarchy(engine(), 'tls', neverPauses)
      for (const { root, issuing } of asked) {
        assert.deepEqual([root.id, issuing.id], [again.root.id, again.issuing.id])
      }
      const all = await engine().store.read((view) =>
        view.authorities.ofAccount(operator.account.id, 'installation'),
      )
      assert.equal(all.filter(({ strictness }) => strictness === 'public-tls').length, 2)
    })

    test('has for each purpose a root and an issuing CA that no public rule finds fault with', async () => {
      const seen = new Set<AuthorityId>()
      for (const purpose of publicPurposes) {
        const { root, issuing } = await ensurePublicHierarchy(engine(), purpose, neverPauses)
        for (const { id, certificateDer } of [root, issuing]) {
          assert.ok(!seen.has(id))
          seen.add(id)
          assert.deepEqual(lint(certificateDer, { strictness: 'public-tls' }, root.certificateDer), [])
        }
        assert.equal(issuing.parentId, root.id)
        assert.deepEqual(issuing.grants, {})
      }
    })

    test('is completed below its root when a crash left the root alone', async () => {
      const { root, issuing } = await ensurePublicHierarchy(engine(), 'code', neverPauses)
      await engine().store.write((transaction) => transaction.authorities.setStatus(issuing.id, 'closed'))
      const completed = await ensurePublicHierarchy(engine(), 'code', neverPauses)
      assert.equal(completed.root.id, root.id)
      assert.notEqual(completed.issuing.id, issuing.id)
    })

    test('issues to every account, whose certificate is nobody else’s (I10)', async () => {
      const { root, issuing } = await ensurePublicHierarchy(engine(), 'tls', neverPauses)
      const issued = await issue(customer.account.id, issuing.id)
      assert.deepEqual(lint(issued.certificateDer, { strictness: 'public-tls' }, issuing.certificateDer), [])
      const { certificateDer } = issued
      const files = {
        'root.pem': pemEncode('CERTIFICATE', root.certificateDer),
        'issuing.pem': pemEncode('CERTIFICATE', issuing.certificateDer),
        'leaf.pem': pemEncode('CERTIFICATE', certificateDer),
      }
      const at = String(Math.floor(engine().clock.now() / 1_000))
      await openssl(
        [
          ...['verify', '-attime', at, '-purpose', 'sslserver', '-CAfile', 'root.pem'],
          ...['-untrusted', 'issuing.pem', 'leaf.pem'],
        ],
        { files },
      )
      assert.equal((await certificateOf(engine(), customer.account.id, issued.id)).id, issued.id)
      await assert.rejects(
        certificateOf(engine(), operator.account.id, issued.id),
        refusedWith('access_denied'),
      )
      assert.equal(
        parseCertificate(certificateDer).extensions.some(({ oid }) => oid === oids.certificatePolicies),
        true,
      )
    })

    test('issues to nobody, its owner included, what was not validated', async () => {
      const { issuing } = await ensurePublicHierarchy(engine(), 'tls', neverPauses)
      for (const { account } of [customer, operator]) {
        await assert.rejects(
          issue(account.id, issuing.id, 'www.example.com', 90, {}),
          refusedWith('authority_unknown'),
        )
      }
    })

    test('stays the operator’s: no other account manages its CAs (I10)', async () => {
      const { issuing } = await ensurePublicHierarchy(engine(), 'tls', neverPauses)
      await assert.rejects(
        authorityOf(engine(), customer.account.id, issuing.id),
        refusedWith('access_denied'),
      )
    })

    test('opens none of the operator’s other CAs, nor another account’s of the same strictness (I10)', async () => {
      const { id } = operator.account
      const ofOperator = await testAuthority(
        engine(),
        id,
        {},
        { strictness: 'private-tls', origin: 'installation' },
      )
      const publicCa = {
        strictness: 'public-tls',
        subject: [
          { type: oids.countryName, value: 'NL' },
          { type: oids.organizationName, value: 'Example' },
          { type: oids.commonName, value: 'Example CA' },
        ],
      } as const
      const byHand = await testAuthority(engine(), id, {}, { ...publicCa, origin: 'operator' })
      const third = await testAccount(engine(), 'third@example.test')
      const ofThird = await testAuthority(
        engine(),
        third.account.id,
        {},
        { ...publicCa, origin: 'installation' },
      )
      for (const authority of [operator.issuing, ofOperator, byHand, ofThird]) {
        await assert.rejects(issue(customer.account.id, authority.id), refusedWith('authority_unknown'))
      }
    })

    test('N9 certifies no internal name, and V2 nothing beyond the dated limit', async () => {
      const { issuing } = await ensurePublicHierarchy(engine(), 'tls', neverPauses)
      await assert.rejects(issue(customer.account.id, issuing.id, 'db.corp'), refusedWith('name_refused'))
      await issue(customer.account.id, issuing.id, 'a.example.com', 200)
      await assert.rejects(
        issue(customer.account.id, issuing.id, 'a.example.com', 201),
        refusedWith('validity_refused'),
      )
    })

    test('ends a certificate at the instant asked for, within the same limit', async () => {
      const { issuing } = await ensurePublicHierarchy(engine(), 'tls', neverPauses)
      const now = Math.floor(engine().clock.now() / 1_000) * 1_000
      const until = async (notAfter: number) => {
        const more = { publiclyValidated: true, notAfter } as const
        const { certificateDer } = await issue(customer.account.id, issuing.id, 'b.example.com', 90, more)
        return parseCertificate(certificateDer).notAfter
      }
      assert.equal(await until(now + 12_345_000), now + 12_345_000)
      await assert.rejects(until(now + 200 * 86_400_000), refusedWith('validity_refused'))
      await assert.rejects(until(now - 86_400_000), refusedWith('validity_refused'))
    })

    test('publishes a CRL and has a responder that no public rule finds fault with', async () => {
      const { issuing } = await ensurePublicHierarchy(engine(), 'tls', neverPauses)
      await publishCrl(engine(), issuing.id)
      await renewResponder(engine(), issuing.id)
      const responder = await engine().store.read((view) => view.authorities.responder(issuing.id))
      assert.ok(responder !== undefined)
      assert.deepEqual(
        lint(responder.certificateDer, { strictness: 'public-tls' }, issuing.certificateDer),
        [],
      )
    })
  })
}
