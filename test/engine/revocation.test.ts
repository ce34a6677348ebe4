import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { type CertificateId, certificateId } from '../../src/core/brand.ts'
import type { RevocationReason } from '../../src/core/certificates/certificate.ts'
import { changeStatus, type StatusChange } from '../../src/core/certificates/change-status.ts'
import type { IssuedCertificate } from '../../src/core/certificates/issue-request.ts'
import { reissueCertificate } from '../../src/core/certificates/reissue.ts'
import type { StopPoint } from '../../src/core/environment.ts'
import { renewResponder } from '../../src/core/status/renew-responder.ts'
import { request } from '../support/certification-requests.ts'
import { footprint, suiteEngine, testAccount } from '../support/engine.ts'
import { hex } from '../support/hex.ts'
import { eventsOf, testCaller } from '../support/installation.ts'
import { csrWish, type Door, doorOf, faultOf, refused, testAuthority } from '../support/issuing.ts'
import { entriesOf, freshCrl, ocspStatus } from '../support/status.ts'
import { storeKinds } from '../support/stores.ts'

for (const kind of storeKinds) {
  describe(`changes of status on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    /** CAs with hold, with neither hold nor reversal, and with the reversal that TinyCert documents. */
    let holding: Door
    let strict: Door
    let reversible: Door
    before(async () => {
      const { account } = await testAccount(engine())
      const door = async (grants: Parameters<typeof testAuthority>[2]) => {
        const authority = await testAuthority(engine(), account.id, grants)
        await renewResponder(engine(), authority.id)
        return doorOf(engine(), authority)
      }
      holding = await door({ hold: true })
      strict = await door({})
      reversible = await door({ hold: true, reversibleRevocation: true })
    })

    const change = (id: CertificateId, to: StatusChange['to'], more: Partial<StatusChange> = {}) =>
      changeStatus(
        engine(),
        { accountId: strict.authority.accountId, certificateId: id, to, ...more },
        testCaller,
      )
    const statusRow = async ({ id }: IssuedCertificate) => engine().store.read((view) => view.status.of(id))
    const ocsp = ({ authority, serialNumber }: IssuedCertificate) =>
      ocspStatus(engine(), authority, serialNumber)
    const onCrl = async (door: Door, { serialNumber }: IssuedCertificate) =>
      entriesOf(await freshCrl(engine(), door.authority)).get(hex(serialNumber))
    const proof = 'certificate-key'

    test('R9 every reason that leaves may have is written, and 0 as none', async () => {
      for (const reason of [0, 1, 3, 4, 5, 9] as const) {
        const issued = await strict.issue()
        await change(issued.id, 'revoked', { reason })
        assert.equal(await ocsp(issued), reason === 0 ? 'revoked none' : `revoked ${reason}`)
        assert.equal(await onCrl(strict, issued), reason)
      }
      const [entry] = (await freshCrl(engine(), strict.authority)).entries()
      assert.deepEqual(entry?.extensions, [])
    })

    test('R9 other reasons are refused, and every reason where nothing is revoked', async () => {
      const issued = await holding.issue()
      for (const reason of [2, 6, 7, 8, 10, 11, -1, 1.5, Number.NaN].map(untypedReason)) {
        const { code } = await faultOf(change(issued.id, 'revoked', { reason }))
        assert.equal(code, 'revocation_reason_refused')
      }
      for (const to of ['hold', 'good'] as const) {
        const { code } = await faultOf(change(issued.id, to, { reason: 1 }))
        assert.equal(code, 'revocation_reason_refused')
      }
      assert.equal(await ocsp(issued), 'good')
    })

    test('R10 a second revocation changes nothing, whatever reason it gives', async () => {
      const issued = await strict.issue()
      await change(issued.id, 'revoked', { reason: 4 })
      const first = await statusRow(issued)
      const before = await footprint(engine())
      engine().clock.time += 3_600_000
      for (const reason of [4, 0, 1, 3] as const) await change(issued.id, 'revoked', { reason })
      assert.deepEqual(await statusRow(issued), first)
      assert.deepEqual(await footprint(engine()), before)
    })

    test('R10 only proof raises the reason to keyCompromise; the date stays', async () => {
      const issued = await strict.issue(csrWish(freshRequest()))
      await change(issued.id, 'revoked', { reason: 4 })
      const first = await statusRow(issued)
      engine().clock.time += 3_600_000
      await change(issued.id, 'revoked', { reason: 5, proof })
      assert.deepEqual(await statusRow(issued), first)
      await change(issued.id, 'revoked', { reason: 1, proof })
      assert.deepEqual(await statusRow(issued), { ...first, reason: 1 })
      assert.equal(await ocsp(issued), 'revoked 1')
      assert.equal(await onCrl(strict, issued), 1)
      const before = await footprint(engine())
      await change(issued.id, 'revoked', { reason: 1, proof })
      await change(issued.id, 'revoked', { reason: 4, proof })
      assert.deepEqual(await footprint(engine()), before)
    })

    test('R11 keyCompromise proven by the certificate key blocks the key and revokes every sibling', async () => {
      const csr = freshRequest()
      const issued = await strict.issue(csrWish(csr))
      const other = await testAccount(engine(), `mallory-${kind.name}@example.test`)
      await renewResponder(engine(), other.issuing.id)
      const siblings = [
        await strict.issue(csrWish(csr)),
        await reversible.issue(csrWish(csr)),
        await doorOf(engine(), other.issuing).issue(csrWish(csr)),
      ]
      const held = await holding.issue(csrWish(csr))
      await change(held.id, 'hold')
      const revoked = await holding.issue(csrWish(csr))
      await change(revoked.id, 'revoked', { reason: 5 })
      const stranger = await strict.issue()
      await change(issued.id, 'revoked', { reason: 1, proof })
      for (const each of [issued, ...siblings, held]) assert.equal(await ocsp(each), 'revoked 1')
      assert.equal(await ocsp(revoked), 'revoked 5')
      assert.equal(await ocsp(stranger), 'good')
      assert.deepEqual(await strict.refusal(csrWish(csr)), refused({ code: 'key_compromised', detail: {} }))
      const blocked = await eventsOf(engine().installation, 'key.blocked')
      assert.ok(blocked.some(({ detail }) => detail.certificate === issued.id))
    })

    test('R11 what a proven compromise revoked stays revoked where revocation is reversible', async () => {
      const csr = freshRequest()
      const sibling = await reversible.issue(csrWish(csr))
      const claimed = await reversible.issue()
      await change((await strict.issue(csrWish(csr))).id, 'revoked', { reason: 1, proof })
      await change(claimed.id, 'revoked', { reason: 1 })
      for (const to of ['good', 'hold'] as const) {
        const { code, detail } = await faultOf(change(sibling.id, to))
        assert.deepEqual(
          { code, detail },
          refused({ code: 'status_change_refused', detail: { from: 'revoked', to } }),
        )
      }
      assert.equal(await ocsp(sibling), 'revoked 1')
      await change(claimed.id, 'good')
      assert.equal(await ocsp(claimed), 'good')
    })

    test('R11 keyCompromise claimed by the account revokes only the one', async () => {
      const csr = freshRequest()
      const issued = await strict.issue(csrWish(csr))
      const sibling = await strict.issue(csrWish(csr))
      await change(issued.id, 'revoked', { reason: 1 })
      assert.equal(await ocsp(issued), 'revoked 1')
      assert.equal(await ocsp(sibling), 'good')
      await strict.issue(csrWish(csr))
    })

    test('R11 proof that comes after a mere claim still blocks the key and revokes the siblings', async () => {
      const csr = freshRequest()
      const issued = await strict.issue(csrWish(csr))
      const sibling = await strict.issue(csrWish(csr))
      await change(issued.id, 'revoked', { reason: 1 })
      const first = await statusRow(issued)
      engine().clock.time += 60_000
      await change(issued.id, 'revoked', { reason: 1, proof })
      assert.deepEqual(await statusRow(issued), first)
      assert.equal(await ocsp(sibling), 'revoked 1')
      assert.equal((await strict.refusal(csrWish(csr))).code, 'key_compromised')
    })

    test('R11 a certificate under way while its key is proven compromised is closed, not released', async () => {
      const csr = freshRequest()
      const issued = await strict.issue(csrWish(csr))
      const stopAt = async (point: StopPoint) => {
        if (point === 'issue.signed') await change(issued.id, 'revoked', { reason: 1, proof })
      }
      const slow = doorOf({ ...engine(), stopAt }, strict.authority)
      assert.equal((await faultOf(slow.issue(csrWish(csr)))).code, 'key_compromised')
      const [row] = await engine().query('SELECT max(id) AS id FROM certificate')
      const record = await engine().store.read((view) =>
        view.certificates.anyById(certificateId(Number(row?.id))),
      )
      assert.ok(record)
      assert.equal(record.state, 'closed')
      assert.equal(await ocspStatus(engine(), strict.authority, record.serialNumber), 'revoked none')
      const crl = entriesOf(await freshCrl(engine(), strict.authority))
      assert.ok(crl.has(hex(record.serialNumber)))
    })

    test('R12 revoked never becomes good or held again', async () => {
      for (const door of [strict, holding]) {
        const issued = await door.issue()
        await change(issued.id, 'revoked')
        for (const to of ['good', 'hold'] as const) {
          const { code, detail } = await faultOf(change(issued.id, to))
          assert.deepEqual(
            { code, detail },
            refused({ code: 'status_change_refused', detail: { from: 'revoked', to } }),
          )
        }
        assert.equal(await ocsp(issued), 'revoked none')
      }
    })

    test('R12 hold is lifted or becomes a revocation from the day of the hold, where hold is allowed', async () => {
      const issued = await holding.issue()
      await change(issued.id, 'hold')
      assert.equal(await ocsp(issued), 'revoked 6')
      assert.equal(await onCrl(holding, issued), 6)
      await change(issued.id, 'hold')
      await change(issued.id, 'good')
      assert.equal(await ocsp(issued), 'good')
      assert.equal(await onCrl(holding, issued), undefined)
      await change(issued.id, 'hold')
      const since = (await statusRow(issued))?.at
      engine().clock.time += 3_600_000
      await change(issued.id, 'revoked', { reason: 4 })
      assert.equal((await statusRow(issued))?.at, since)
      const { code } = await faultOf(change((await strict.issue()).id, 'hold'))
      assert.equal(code, 'status_change_refused')
    })

    test('R12 only a CA that was granted reversal makes a revoked certificate good', async () => {
      const issued = await reversible.issue()
      await change(issued.id, 'revoked', { reason: 4 })
      await change(issued.id, 'good')
      assert.equal(await ocsp(issued), 'good')
      assert.equal(await onCrl(reversible, issued), undefined)
    })

    test('R12 an expired certificate keeps its status, and a superseded one can still be revoked', async () => {
      const short = await holding.issue({ lifetimeDays: 1 })
      const first = await strict.issue()
      await reissueCertificate(
        engine(),
        { accountId: strict.authority.accountId, certificateId: first.id, origin: 'command-line' },
        testCaller,
      )
      assert.equal(await ocsp(first), 'good')
      await change(first.id, 'revoked', { reason: 4 })
      assert.equal(await ocsp(first), 'revoked 4')
      engine().clock.time = short.notAfter + 1_000
      for (const to of ['revoked', 'hold', 'good'] as const) {
        const { code } = await faultOf(change(short.id, to))
        assert.equal(code, 'status_change_refused')
      }
    })

    test('what is obsolete on a CA of the TinyCert kind is revoked by the operator or by proof alone', async () => {
      for (const allowed of [{ accountId: null }, { reason: 1, proof }] as const) {
        const first = await reversible.issue(csrWish(freshRequest()))
        await reissueCertificate(
          engine(),
          { accountId: reversible.authority.accountId, certificateId: first.id, origin: 'command-line' },
          testCaller,
        )
        assert.equal((await faultOf(change(first.id, 'revoked'))).code, 'status_change_refused')
        await change(first.id, 'revoked', allowed)
        assert.equal((await statusRow(first))?.status, 'revoked')
      }
    })

    test('a certificate of another account, or of nobody, is not touched', async () => {
      const issued = await strict.issue()
      const other = await testAccount(engine(), `eve-${kind.name}@example.test`)
      const { code, detail } = await faultOf(change(issued.id, 'revoked', { accountId: other.account.id }))
      assert.deepEqual(
        { code, detail },
        refused({ code: 'access_denied', detail: { object: 'certificate' } }),
      )
      assert.equal(await ocsp(issued), 'good')
      await change(issued.id, 'revoked', { accountId: null })
      assert.equal(await ocsp(issued), 'revoked none')
    })
  })
}

/** DER of a request over a key of its own. */
function freshRequest(): Uint8Array {
  return request({ keys: generateKeyPairSync('ec', { namedCurve: 'P-256' }) })
}

/** Callers without types send any number. */
function untypedReason(value: number): RevocationReason {
  return value as RevocationReason
}
