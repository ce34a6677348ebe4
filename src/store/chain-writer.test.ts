import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anEvent, NOW, octets } from '../../test/support/store-records.ts'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { anchorDetail } from '../core/audit/chain.ts'
import type { Event } from '../core/audit/event.ts'
import { ChainLost, ChainWriter } from './chain-writer.ts'
import { sqliteDialect } from './dialect.ts'
import { migrate } from './migrations/migrate.ts'
import { programsOf } from './programs/index.ts'
import { SqliteConnection } from './sqlite/connection.ts'
import { sqliteMigrationSession } from './sqlite/migration-session.ts'

const dialect = sqliteDialect()
const programs = programsOf(dialect)

function newChain(): ChainWriter {
  return new ChainWriter({
    programs: programs.chains,
    clock: { now: () => NOW },
    random: { bytes: octets },
    processName: 'test',
  })
}

test('audit chains', async (t) => {
  const connection = new SqliteConnection(`${temporaryFolder(t)}/chains.db`, 'writer')
  t.after(() => connection.close())
  await migrate(dialect, sqliteMigrationSession(connection))
  const write = (chain: ChainWriter, ...events: Event[]) => {
    chain.committed(connection.drive(chain.append(events)), events)
  }
  const anchor = (chain: ChainWriter) => connection.drive(chain.anchor())

  await t.test('a name tells when the chain began', () => {
    assert.match(newChain().name, /^20261101T000000Z-[0-9a-f]{16}$/)
  })

  await t.test('a chain vouches for what others told, once', () => {
    const [one, other] = [newChain(), newChain()]
    write(one, anEvent('a'))
    write(other, anEvent('b'))
    write(one, anEvent('c'))
    const head = one.head
    assert.ok(head !== undefined)
    const event = anchor(other)
    const vouched = [{ chain: one.name, sequence: head.sequence, hash: head.hash }]
    assert.deepEqual(event?.detail, anchorDetail(vouched))
    assert.equal(anchor(other), undefined, 'nothing was told since')
  })

  await t.test('processes at rest do not vouch for one another in turns', () => {
    const [one, other] = [newChain(), newChain()]
    write(one, anEvent('a'))
    write(other, anEvent('b'))
    assert.equal(one.wantsAnchor(), true)
    for (const chain of [one, other]) {
      const event = anchor(chain)
      assert.ok(event !== undefined)
      write(chain, event)
    }
    assert.deepEqual([one.wantsAnchor(), other.wantsAnchor()], [false, false])
  })

  await t.test('a transaction that is rolled back leaves the chain where it was', () => {
    const chain = newChain()
    connection.execute('BEGIN')
    connection.drive(chain.append([anEvent('lost')]))
    connection.execute('ROLLBACK')
    assert.equal(chain.head, undefined)
    write(chain, anEvent('kept'))
    const page = connection.drive(programs.audit.page(chain.name, 0, 10))
    assert.deepEqual(
      page.map(({ body }) => JSON.parse(body).object),
      ['process:test', 'kept'],
    )
  })

  await t.test('a head that somebody else moved ends the chain', () => {
    const chain = newChain()
    write(chain, anEvent('a'))
    assert.ok(chain.head !== undefined)
    connection.drive(programs.chains.extend([], chain.head, { ...chain.head, batches: 99 }))
    assert.throws(() => write(chain, anEvent('b')), ChainLost)
  })
})
