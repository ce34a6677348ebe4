import assert from 'node:assert/strict'
import type { Event } from '../../src/core/audit/event.ts'
import { findRestoredMarks } from '../../src/core/audit/restored-store.ts'
import { certificateId } from '../../src/core/brand.ts'
import { certificateDerOf, certificateOf } from '../../src/core/certificates/certificate-of.ts'
import { recoverReservations } from '../../src/core/certificates/recover.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { parseCertificate } from '../../src/pki/certificate.ts'
import type { StorePlace } from '../support/stores.ts'
import { AuditTrail } from './audit-trail.ts'
import type { CrashSite, SiteEngine } from './engine.ts'
import { type Acknowledgement, readHistory } from './history.ts'
import { digestOf, type JournalEntry, readJournal } from './journal.ts'
import { ocspStatuses, type PublishedCrl, publishedCrl } from './published-status.ts'
import { type CertificateRow, certificateRows, revokedRows, twiceSuperseded } from './rows.ts'

type Issued = Extract<Acknowledgement, { readonly told: 'issued' }>

/** What a round left, in the sources that are files. */
export interface RoundFiles {
  readonly history: string
  readonly journal: string
}

/** What one comparison saw: for tests that want to know that there was something to see. */
export interface Comparison {
  readonly acknowledged: number
  readonly unfinished: number
}

/**
 * Compares, after each crash, what clients were told, the rows of the database, the signer's journal, the audit log
 * and the published status, and remembers what it saw for the next comparison. Every row, entry and event is looked
 * at once; what may change later (revocations, CRLs) every time.
 */
export class Ledger {
  readonly #site: CrashSite
  readonly #query: StorePlace['query']
  readonly #trail = new AuditTrail()
  readonly #serialOf = new Map<number, string>()
  readonly #signed = new Set<string>()
  readonly #revokedAcknowledged = new Set<number>()
  readonly #revokedTold = new Set<number>()
  readonly #crlsTold = new Map<number, number>()
  /** Issued and not revoked, when last seen. */
  readonly #good = new Map<number, string>()
  #lastId = 0
  #refusalsAcknowledged = 0
  #refusalsTold = 0
  #crl: PublishedCrl | undefined

  constructor(site: CrashSite, query: StorePlace['query']) {
    this.#site = site
    this.#query = query
  }

  /** Takes a new site as it is: its first certificates were signed before any journal was kept. */
  async begin(engine: SiteEngine): Promise<void> {
    const rows = await certificateRows(this.#query, this.#site.authorityId, 0)
    for (const row of rows) {
      this.#serialOf.set(row.id, row.serialNumber)
      this.#signed.add(row.tbsDigest)
    }
    this.#lastId = rows.at(-1)?.id ?? 0
    for (const event of await this.#trail.read(engine.store)) this.#noteCrl(event)
    this.#crl = await publishedCrl(engine, this.#site)
  }

  /** Some certificates that were issued and not revoked. */
  someGood(count: number): readonly number[] {
    return [...this.#good.keys()].slice(-count)
  }

  /**
   * Compares what a round left.
   * @param engine opened after the crash
   * @param letTimePass makes the clock show a time at which unfinished work counts as abandoned
   */
  async compare(engine: SiteEngine, files: RoundFiles, letTimePass: () => void): Promise<Comparison> {
    const told = readHistory(files.history)
    this.#checkCrlNumbersTold(told)
    assert.deepEqual(await findRestoredMarks(engine.store, engine.highWater), [], 'a crash is no restore')
    await this.#checkOldCrl(engine)
    const unfinished = await this.#checkUnfinished(engine)

    letTimePass()
    assert.equal(await recoverReservations(engine), unfinished.length)
    const before = await this.#checkCrl(engine, told)

    const rows = await certificateRows(this.#query, this.#site.authorityId, this.#lastId)
    this.#checkSerials(rows)
    this.#checkJournal(rows, readJournal(files.journal))
    const issued = told.filter((each) => each.told === 'issued')
    await this.#checkIssued(engine, rows, issued)
    const events = await this.#trail.read(engine.store)
    this.#checkEvents(rows, events)
    this.#checkRevocations(before, told, events)
    await this.#checkOcsp(engine, rows, before)
    assert.equal(await twiceSuperseded(this.#query), 0, 'no certificate was reissued twice')
    this.#lastId = rows.at(-1)?.id ?? this.#lastId
    return { acknowledged: told.length, unfinished: unfinished.length }
  }

  /** R13: what clients saw published never falls. */
  #checkCrlNumbersTold(told: readonly Acknowledgement[]): void {
    for (const each of told) {
      if (each.told === 'published') {
        assert.ok(each.number > (this.#crl?.number ?? 0), 'a CRL number is not above those of earlier rounds')
      }
    }
  }

  /** R18: whatever was killed while the next was made, the last one published is whole. */
  async #checkOldCrl(engine: SiteEngine): Promise<void> {
    const crl = await publishedCrl(engine, this.#site)
    const earlier = this.#crl
    if (earlier === undefined) return
    assert.ok(crl, 'the CRL is there')
    assert.ok(crl.number >= earlier.number, 'the CRL number fell')
    const lost = [...earlier.listed].filter((serialNumber) => !crl.listed.has(serialNumber))
    assert.deepEqual(lost, [], 'revoked certificates disappeared from the CRL')
    this.#crl = crl
  }

  /** What the crash left reserved: nobody may take it for good. */
  async #checkUnfinished(engine: SiteEngine): Promise<readonly CertificateRow[]> {
    const rows = await certificateRows(this.#query, this.#site.authorityId, this.#lastId)
    const unfinished = rows.filter((row) => row.state === 'reserved')
    const serialNumbers = unfinished.map((row) => row.serialNumber)
    for (const [serialNumber, status] of await ocspStatuses(engine, this.#site, serialNumbers)) {
      assert.notEqual(status, 'good', `${serialNumber} was never recorded`)
    }
    return unfinished
  }

  /** The next CRL can be made at once, rises, and lists exactly what is revoked or closed. */
  async #checkCrl(
    engine: SiteEngine,
    told: readonly Acknowledgement[],
  ): Promise<ReadonlyMap<number, string>> {
    assert.equal(await publishCrl(engine, this.#site.authorityId), true, 'the next CRL is published')
    const crl = await publishedCrl(engine, this.#site)
    assert.ok(crl)
    const highest = Math.max(
      this.#crl?.number ?? 0,
      ...told.map((each) => ('number' in each ? each.number : 0)),
    )
    assert.ok(crl.number > highest, 'the CRL number rises')
    assert.ok(crl.thisUpdate > (this.#crl?.thisUpdate ?? 0), 'thisUpdate rises')
    const revoked = await revokedRows(this.#query, this.#site.authorityId)
    const closed = await this.#query(
      `SELECT certificate_id FROM ended_reservation WHERE authority_id = ${this.#site.authorityId} AND state = 'closed'`,
    )
    assert.equal(crl.listed.size, revoked.size + closed.length, 'the CRL lists the revoked and the closed')
    for (const serialNumber of revoked.values())
      assert.ok(crl.listed.has(serialNumber), `${serialNumber} missing`)
    this.#crl = crl
    return revoked
  }

  #checkSerials(rows: readonly CertificateRow[]): void {
    const seen = new Set(this.#serialOf.values())
    for (const { id, serialNumber } of rows) {
      assert.ok(!seen.has(serialNumber), `serial number ${serialNumber} twice`)
      seen.add(serialNumber)
      this.#serialOf.set(id, serialNumber)
    }
  }

  /** I1, I2: whatever was signed had been reserved, byte for byte, and was signed once. */
  #checkJournal(rows: readonly CertificateRow[], journal: readonly JournalEntry[]): void {
    const reserved = new Map(rows.map((row) => [row.tbsDigest, row]))
    for (const { kind, digest } of journal) {
      if (kind === 'crl') continue
      assert.ok(!this.#signed.has(digest), `${digest} was signed twice`)
      this.#signed.add(digest)
      const row = reserved.get(digest)
      assert.ok(row, `${digest} was signed without a record`)
      assert.notEqual(row.state, 'aborted', `certificate ${row.id} was signed and counts as never signed`)
    }
    for (const row of rows) {
      if (row.state === 'issued') assert.ok(this.#signed.has(row.tbsDigest), `${row.id} was not signed here`)
    }
  }

  /** I3: what was acknowledged is there, byte for byte, with its key where that was made here. */
  async #checkIssued(
    engine: SiteEngine,
    rows: readonly CertificateRow[],
    acknowledged: readonly Issued[],
  ): Promise<void> {
    const states = new Map(rows.map((row) => [row.id, row.state]))
    const { authority } = await engine.directory.issuer(this.#site.authorityId)
    for (const { id, serialNumber, sha256, serverKey } of acknowledged) {
      assert.equal(states.get(id), 'issued', `the acknowledged certificate ${id}`)
      assert.equal(this.#serialOf.get(id), serialNumber)
      const record = await certificateOf(engine, this.#site.accountId, certificateId(id))
      const der = certificateDerOf(record, authority)
      assert.equal(digestOf(der), sha256, `the bytes of certificate ${id}`)
      if (serverKey) {
        const { keyId } = record
        assert.ok(keyId)
        const key = await engine.store.read((view) => view.keys.byId(keyId))
        assert.ok(key, `the key of certificate ${id}`)
        assert.deepEqual(Buffer.from(key.spkiDer), Buffer.from(parseCertificate(der).spki.der))
        assert.notEqual(engine.keyService.exportPrivateKey(key).length, 0)
      }
    }
  }

  /** I12: one event for each step of each row, and none without a row. */
  #checkEvents(rows: readonly CertificateRow[], events: readonly Event[]): void {
    const expected = new Map<string, number>()
    for (const { id, state } of rows) {
      expected.set(`certificate.reserved certificate:${id}`, 1)
      if (state !== 'reserved') expected.set(`certificate.${state} certificate:${id}`, 1)
    }
    const counted = new Map<string, number>()
    for (const { action, object } of events) {
      if (!['reserved', 'issued', 'aborted', 'closed'].some((step) => action === `certificate.${step}`))
        continue
      counted.set(`${action} ${object}`, (counted.get(`${action} ${object}`) ?? 0) + 1)
    }
    assert.deepEqual([...counted].sort(byName), [...expected].sort(byName))
    for (const event of events) this.#noteCrl(event)
    const numbers = [...this.#crlsTold].sort(([left], [right]) => left - right)
    for (const [index, [number, nextUpdate]] of numbers.entries()) {
      const [earlier, earlierEnd] = numbers[index - 1] ?? [0, 0]
      assert.ok(number > earlier && nextUpdate > earlierEnd, `CRL ${number} is not later than CRL ${earlier}`)
    }
  }

  /** R13: each number is told once. */
  #noteCrl({ action, object, detail }: Event): void {
    if (action !== 'crl.published' || object !== `authority:${this.#site.authorityId}`) return
    const number = Number(detail.number)
    assert.ok(!this.#crlsTold.has(number), `CRL number ${number} was published twice`)
    this.#crlsTold.set(number, Number(detail.nextUpdate))
  }

  /** I4: acknowledged revocations are in the table, told once each; and so are refusals. */
  #checkRevocations(
    revoked: ReadonlyMap<number, string>,
    told: readonly Acknowledgement[],
    events: readonly Event[],
  ): void {
    for (const { action, object } of events) {
      if (action === 'certificate.refused') this.#refusalsTold++
      if (action !== 'certificate.revoked') continue
      const id = Number(object.slice('certificate:'.length))
      assert.ok(!this.#revokedTold.has(id), `the revocation of ${id} was told twice`)
      this.#revokedTold.add(id)
    }
    assert.deepEqual([...this.#revokedTold].sort(), [...revoked.keys()].sort(), 'revocations told and stored')
    for (const each of told) {
      if (each.told === 'revoked') this.#revokedAcknowledged.add(each.id)
      if (each.told === 'refused') this.#refusalsAcknowledged++
    }
    for (const id of this.#revokedAcknowledged) {
      assert.ok(revoked.has(id), `the acknowledged revocation of ${id}`)
    }
    assert.ok(this.#refusalsTold >= this.#refusalsAcknowledged, 'refusals that were acknowledged were told')
  }

  /** What is new, and what was good and may have been revoked since. */
  async #checkOcsp(
    engine: SiteEngine,
    rows: readonly CertificateRow[],
    revoked: ReadonlyMap<number, string>,
  ): Promise<void> {
    const expected = new Map<string, string>()
    for (const { id, serialNumber, state } of rows) {
      if (state === 'issued') this.#good.set(id, serialNumber)
      else expected.set(serialNumber, state === 'closed' ? 'revoked' : 'unknown')
    }
    for (const [id, serialNumber] of this.#good) {
      if (!revoked.has(id)) continue
      this.#good.delete(id)
      expected.set(serialNumber, 'revoked')
    }
    for (const { id, serialNumber } of rows) if (this.#good.has(id)) expected.set(serialNumber, 'good')
    const found = await ocspStatuses(engine, this.#site, expected.keys())
    assert.deepEqual([...found], [...expected], 'what OCSP says')
  }
}

function byName([left]: readonly [string, number], [right]: readonly [string, number]): number {
  return left < right ? -1 : left > right ? 1 : 0
}
