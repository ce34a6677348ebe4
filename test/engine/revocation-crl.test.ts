import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { AuthorityRecord } from '../../src/core/authorities/authority.ts'
import { changeStatus } from '../../src/core/certificates/change-status.ts'
import type { IssuedCertificate } from '../../src/core/certificates/issue-request.ts'
import { lintCrl } from '../../src/core/lint/lint-crl.ts'
import { CrlRefused } from '../../src/core/status/crl-succession.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { publishCrlsJob } from '../../src/jobs/publish-crls.ts'
import { parseCertificate } from '../../src/pki/certificate.ts'
import type { Crl } from '../../src/pki/crl.ts'
import { findExtension } from '../../src/pki/extensions/extension.ts'
import { oids } from '../../src/pki/oids.ts'
import { pemEncode } from '../../src/pki/pem.ts'
import { suiteEngine, testAccount } from '../support/engine.ts'
import { hex } from '../support/hex.ts'
import { testCaller } from '../support/installation.ts'
import { type Door, dnsName, doorOf, testAuthority } from '../support/issuing.ts'
import { openssl, opensslText } from '../support/openssl.ts'
import { entriesOf, freshCrl, publishedCrl } from '../support/status.ts'
import { storeKinds } from '../support/stores.ts'

for (const kind of storeKinds) {
  describe(`CRLs of the engine on ${kind.name}`, { skip: kind.skip }, () => {
    const engine = suiteEngine(kind)
    let plain: Door
    let sharded: Door
    const shards = 4
    before(async () => {
      const { account } = await testAccount(engine())
      const door = async (crlShards: number) =>
        doorOf(engine(), await testAuthority(engine(), account.id, { hold: true }, { crlShards }))
      plain = await door(1)
      sharded = await door(shards)
    })

    const revoke = (issued: IssuedCertificate) =>
      changeStatus(
        engine(),
        { accountId: null, certificateId: issued.id, to: 'revoked', reason: 4 },
        testCaller,
      )
    const published = (authority: AuthorityRecord) =>
      engine().store.read((view) => view.status.latestCrlHeader(authority.id, 0))
    const lists = (crl: Crl, { serialNumber }: IssuedCertificate) => entriesOf(crl).has(hex(serialNumber))
    const pem = (der: Uint8Array) => pemEncode('CERTIFICATE', der)

    test('R15 a CRL with nothing revoked has no revokedCertificates, and its number and signature are fine', async () => {
      // Reading it back refuses a list that is written but empty.
      const crl = await freshCrl(engine(), plain.authority)
      assert.equal(crl.entryCount, 0)
      assert.equal(crl.version, 2)
      assert.deepEqual(lintCrl(crl.der, { strictness: 'private-tls', maximumDays: 10 }), [])
      const { stderr, text } = await openssl(
        ['crl', '-inform', 'DER', '-in', 'crl', '-CAfile', 'ca.pem', '-noout', '-text'],
        { files: { crl: crl.der, 'ca.pem': pem(plain.authority.certificateDer) } },
      )
      assert.match(stderr, /verify OK/)
      assert.match(text, /No Revoked Certificates/)
      assert.match(text, new RegExp(`CRL Number:\\s+${crl.crlNumber}`))
    })

    test('R1 the CRL job publishes a revocation when its delay is over, within the hour', async () => {
      const job = publishCrlsJob(engine(), 'test')
      const run = () => job.run(new AbortController().signal)
      engine().clock.time += 60_000
      await run()
      const issued = await plain.issue()
      await revoke(issued)
      assert.ok(engine().settings.crlDelayMs <= 60_000)
      engine().clock.time += engine().settings.crlDelayMs
      await run()
      assert.ok(lists(await publishedCrl(engine(), plain.authority), issued))
      const before = await published(plain.authority)
      engine().clock.time += engine().settings.crlDelayMs
      await run()
      assert.deepEqual(await published(plain.authority), before)
      assert.equal(job.failing.size, 0)
    })

    test('R13 numbers and times of CRLs rise from one to the next, by the clock and by the marks beside it', async () => {
      const first = await freshCrl(engine(), plain.authority)
      const second = await freshCrl(engine(), plain.authority)
      assert.ok((second.crlNumber ?? 0n) > (first.crlNumber ?? 0n))
      assert.ok(second.thisUpdate > first.thisUpdate)
      assert.equal(await publishCrl(engine(), plain.authority.id), false)
      const mark = Number(second.crlNumber) + 1_000_000
      await engine().highWater.raise({ crlNumbers: { [`${plain.authority.id}/0`]: mark } })
      const third = await freshCrl(engine(), plain.authority)
      assert.equal(third.crlNumber, BigInt(mark + 1))
    })

    test('R14 an entry stays until one regular CRL after the end of its certificate', async () => {
      const short = await plain.issue({ lifetimeDays: 1 })
      const long = await plain.issue()
      await revoke(short)
      await revoke(long)
      assert.ok(lists(await freshCrl(engine(), plain.authority), short))
      engine().clock.time = short.notAfter - 2_000
      assert.ok(lists(await freshCrl(engine(), plain.authority), short))
      engine().clock.time = short.notAfter + 3_600_000
      const last = await freshCrl(engine(), plain.authority)
      assert.ok(last.thisUpdate > short.notAfter)
      assert.ok(lists(last, short))
      const later = await freshCrl(engine(), plain.authority)
      assert.ok(!lists(later, short))
      assert.ok(lists(later, long))
    })

    test('R14 a CRL from which an unexpired entry vanished is refused, and the old one stays', async () => {
      const issued = await plain.issue()
      await revoke(issued)
      const before = await freshCrl(engine(), plain.authority)
      const strict = await testAuthority(engine(), plain.authority.accountId, {})
      const kept = await doorOf(engine(), strict).issue()
      await revoke(kept)
      const old = await freshCrl(engine(), strict)
      await engine().query(`DELETE FROM status WHERE certificate_id = ${kept.id}`)
      engine().clock.time += 1_000
      await assert.rejects(publishCrl(engine(), strict.id), CrlRefused)
      assert.equal((await publishedCrl(engine(), strict)).crlNumber, old.crlNumber)
      assert.ok(lists(await publishedCrl(engine(), strict), kept))
      assert.ok(lists(before, issued))
    })

    test('R16 sharded CRLs list every revoked certificate once, where its distribution point says', async () => {
      const issued = await Promise.all(
        Array.from({ length: 24 }, (_, index) =>
          sharded.issue({ names: [dnsName(`s${index}.example.com`)] }),
        ),
      )
      await freshCrl(engine(), sharded.authority)
      for (const each of issued) await revoke(each)
      await freshCrl(engine(), sharded.authority)
      const byUrl = new Map<string, Crl>()
      const union: string[] = []
      for (let shard = 0; shard < shards; shard += 1) {
        const crl = await publishedCrl(engine(), sharded.authority, shard)
        assert.deepEqual(lintCrl(crl.der, { strictness: 'private-tls', maximumDays: 10 }), [])
        const idp = findExtension(crl.extensions, oids.issuingDistributionPoint)
        assert.ok(idp?.critical)
        const url = uriIn(idp.value)
        byUrl.set(url, crl)
        union.push(...entriesOf(crl).keys())
      }
      assert.equal(byUrl.size, shards)
      assert.deepEqual(union.sort(), issued.map(({ serialNumber }) => hex(serialNumber)).sort())
      for (const each of issued) {
        const points = findExtension(
          parseCertificate(each.certificateDer).extensions,
          oids.crlDistributionPoints,
        )
        assert.ok(points)
        const url = uriIn(points.value)
        const crl = byUrl.get(url)
        assert.ok(crl !== undefined && lists(crl, each), url)
      }
    })

    test('R16 openssl takes the shard of a certificate for it, revoked or not, and no other shard', async () => {
      const good = await sharded.issue()
      const revoked = await sharded.issue()
      await revoke(revoked)
      await freshCrl(engine(), sharded.authority)
      const crls: string[] = []
      for (let shard = 0; shard < shards; shard += 1) {
        const { der } = await publishedCrl(engine(), sharded.authority, shard)
        crls.push(pemEncode('X509 CRL', der))
      }
      const files = {
        'ca.pem': pem(sharded.authority.certificateDer),
        'all.pem': crls.join(''),
        'good.pem': pem(good.certificateDer),
        'revoked.pem': pem(revoked.certificateDer),
      }
      const time = String(Math.floor(engine().clock.now() / 1_000))
      const check = [
        'verify',
        '-attime',
        time,
        '-crl_check',
        '-extended_crl',
        '-CAfile',
        'ca.pem',
        '-CRLfile',
      ]
      assert.match(await opensslText([...check, 'all.pem', 'good.pem'], { files }), /good\.pem: OK/)
      const refusal = await openssl([...check, 'all.pem', 'revoked.pem'], { files })
      assert.match(refusal.stderr, /certificate revoked/)
      const points = findExtension(
        parseCertificate(good.certificateDer).extensions,
        oids.crlDistributionPoints,
      )
      const own = Number(/-(\d)\.crl/.exec(uriIn(points?.value ?? new Uint8Array()))?.[1])
      const others = crls.filter((_, shard) => shard !== own).join('')
      const missing = await openssl([...check, 'others.pem', 'good.pem'], {
        files: { ...files, 'others.pem': others },
      })
      assert.match(missing.stderr, /CRL scope|unable to get certificate CRL/)
    })
  })
}

/** The octets of the one URI in a distribution point, whatever is around them. */
function uriIn(value: Uint8Array): string {
  const text = Buffer.from(value).toString('latin1')
  return text.slice(text.indexOf('http://'))
}
