import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { anAccount, aReservation, NOW, octets } from '../../../test/support/store-records.ts'
import { lastFirst, placeAt } from '../../../test/support/stores.ts'
import { type Scope, temporaryFolder } from '../../../test/support/tmp.ts'
import { isFault } from '../../core/faults.ts'
import type { Store } from '../../core/store/store.ts'
import { StoreUnusable } from '../../core/store/unusable.ts'

function sqlitePlace(scope: Scope) {
  const last = lastFirst(scope)
  const path = join(temporaryFolder(last, 'faults'), 'chancery.db')
  return { path, at: placeAt(last, { sqlitePath: path }) }
}

const issueOne = async (store: Store): Promise<void> => {
  const reservation = aReservation({ tbsDer: octets(4_000) })
  const id = await store.write((tx) => tx.certificates.reserve(reservation))
  assert.ok(id !== undefined)
  const done = store.write((tx) => tx.certificates.complete(id, reservation.attempt, octets(72), NOW))
  assert.equal(await done, true)
}

test('every connection syncs each commit, whatever the database file says', async (t) => {
  const { path, at } = sqlitePlace(t)
  await (await at.open()).close()
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = DELETE')
  database.close()
  const store = await at.open()
  await store.write((tx) => tx.accounts.nextId())
  assert.ok(existsSync(`${path}-wal`))
})

test('S5 a database locked by another process gives store_busy, blocks nothing, and loses and doubles nothing', {
  timeout: 60_000,
}, async (t) => {
  const { path, at } = sqlitePlace(t)
  const store = await at.open()
  await store.write((tx) => tx.accounts.insert(anAccount()))
  const locker = new DatabaseSync(path)
  locker.exec('BEGIN IMMEDIATE')
  const writes = Promise.allSettled(
    Array.from({ length: 8 }, () => store.write((tx) => tx.accounts.nextId())),
  )
  let turns = 0
  const ticking = setInterval(() => turns++, 10)
  assert.equal((await store.read((view) => view.accounts.page(0, 9))).length, 1, 'reads go on')
  const results = await writes
  clearInterval(ticking)
  for (const result of results) {
    assert.ok(result.status === 'rejected' && isFault(result.reason, 'store_busy'))
    assert.ok(result.reason.detail.retryAfterMs > 0)
  }
  assert.ok(turns > 50, `the loop turned ${turns} times meanwhile`)
  assert.equal(store.healthy(), true)
  const late = store.write((tx) => tx.accounts.nextId())
  await delay(50)
  locker.exec('COMMIT')
  locker.close()
  assert.equal(await late, 1, 'none of the refused programs ran')
})

test('writes wait for a lock that is given back soon', async (t) => {
  const { path, at } = sqlitePlace(t)
  const store = await at.open()
  const locker = new DatabaseSync(path)
  locker.exec('BEGIN IMMEDIATE')
  const waiting = Promise.all([1, 2, 3].map(() => store.write((tx) => tx.accounts.nextId())))
  await delay(300)
  locker.exec('COMMIT')
  locker.close()
  assert.deepEqual(await waiting, [1, 2, 3])
})

test('a start on a database that stays locked says so', { timeout: 60_000 }, async (t) => {
  const { path, at } = sqlitePlace(t)
  await (await at.open()).close()
  const locker = new DatabaseSync(path)
  locker.exec('BEGIN IMMEDIATE')
  await assert.rejects(at.open(), (error) => error instanceof StoreUnusable && error.defect === 'locked')
  locker.close()
})

test('a file that is no database is refused and left alone', async (t) => {
  const { path, at } = sqlitePlace(t)
  writeFileSync(path, 'x'.repeat(4_096))
  await assert.rejects(at.open(), (error) => error instanceof StoreUnusable && error.defect === 'unreachable')
  assert.equal(statSync(path).size, 4_096)
})

test('two processes write to one database and neither loses nor doubles anything', async (t) => {
  const { at } = sqlitePlace(t)
  const store = await at.open()
  const child = spawn(process.execPath, ['--input-type=module', '-e', writerScript(at.location)], {
    stdio: 'inherit',
  })
  const ended = once(child, 'exit')
  for (let round = 0; round < 50; round++) {
    await Promise.all([1, 2, 3, 4].map(() => store.write((tx) => tx.accounts.nextId())))
  }
  assert.deepEqual((await ended)[0], 0)
  assert.equal(await store.write((tx) => tx.accounts.nextId()), 401)
})

/** Draws 200 ids, four at a time. */
function writerScript(location: object): string {
  const module = new URL('../open.ts', import.meta.url).href
  return `
    import { randomBytes } from 'node:crypto'
    const { openStore } = await import(${JSON.stringify(module)})
    const store = await openStore({
      clock: { now: () => Date.now() },
      random: { bytes: (length) => randomBytes(length) },
      log: console, processName: 'other', ...${JSON.stringify(location)},
    })
    for (let round = 0; round < 50; round++) {
      await Promise.all([1, 2, 3, 4].map(() => store.write((tx) => tx.accounts.nextId())))
    }
    await store.close()`
}

/** A file system of a few megabytes: a real full disk. Only root may mount one. */
function smallDisk(scope: Scope, megabytes: number): string | undefined {
  const folder = temporaryFolder(scope, 'small')
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'chancery-test', folder])
  if (mounted.status !== 0) return undefined
  scope.after(() => spawnSync('umount', ['-l', folder]))
  return folder
}

test('S3 a full disk refuses with store_full, keeps what was acknowledged, and goes on when space returns', async (t) => {
  const last = lastFirst(t)
  const folder = smallDisk(last, 4)
  if (folder === undefined) return t.skip('NOT RUN: mounting a small file system needs root')
  const at = placeAt(last, { sqlitePath: join(folder, 'chancery.db') })
  const store = await at.open()
  await issueOne(store)

  const { bavail, bsize } = statfsSync(folder)
  const filler = join(folder, 'filler')
  writeFileSync(filler, octets(Math.max(0, bavail * bsize - 64 * 1024)))
  let issued = 1
  let refusal: unknown
  for (let attempt = 0; attempt < 200 && refusal === undefined; attempt++) {
    await issueOne(store).then(
      () => issued++,
      (error) => {
        refusal = error
      },
    )
  }
  assert.ok(isFault(refusal, 'store_full'), String(refusal))
  assert.equal(store.healthy(), true)
  const kept = async () => (await at.query('select count(*) as count from issuance'))[0]?.count
  assert.equal(await kept(), issued)

  rmSync(filler)
  await issueOne(store)
  assert.equal(await kept(), issued + 1)
  assert.equal((await at.query('pragma integrity_check'))[0]?.integrity_check, 'ok')
})

/**
 * A library that makes fsync and fdatasync fail with EIO as long as a file exists: of every file, or of the
 * database alone and not its log. Undefined without a compiler.
 */
function failingSyncs(
  folder: string,
  which: 'every file' | 'the database',
): { readonly library: string; readonly trigger: string } | undefined {
  const source = join(folder, 'eio.c')
  const library = join(folder, 'eio.so')
  const trigger = join(folder, 'fail-now')
  writeFileSync(
    source,
    `#define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <stdio.h>
    #include <string.h>
    #include <unistd.h>
    static int fails(int fd) {
      char link[64], path[4096];
      if (access("${trigger}", F_OK) != 0) return 0;
      if (${which === 'every file' ? 1 : 0}) return 1;
      snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
      ssize_t length = readlink(link, path, sizeof path - 1);
      return length > 3 && strncmp(path + length - 3, ".db", 3) == 0;
    }
    int fsync(int fd) {
      static int (*real)(int);
      if (fails(fd)) { errno = EIO; return -1; }
      if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
      return real(fd);
    }
    int fdatasync(int fd) {
      static int (*real)(int);
      if (fails(fd)) { errno = EIO; return -1; }
      if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
      return real(fd);
    }`,
  )
  const compiled = spawnSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl'])
  return compiled.status === 0 ? { library, trigger } : undefined
}

test('S4 a failed sync stops all writing until a restart, which checks the database', async (t) => {
  const last = lastFirst(t)
  const folder = temporaryFolder(last, 'eio')
  const faults = process.platform === 'linux' ? failingSyncs(folder, 'every file') : undefined
  if (faults === undefined) return t.skip('NOT RUN: making a sync fail needs Linux and a C compiler')
  const location = { sqlitePath: join(folder, 'chancery.db') }
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', failingScript(location, faults.trigger)],
    {
      env: { ...process.env, LD_PRELOAD: faults.library },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text
  })
  await once(child, 'close')
  const told = JSON.parse(printed)
  assert.deepEqual(told.results, ['stored', 'store_failed', 'store_failed', 'store_failed'])
  assert.deepEqual(told.healthy, [true, false, false, false])
  assert.equal(told.logged, 'the store failed: nothing is written any more until a restart')

  assert.ok(existsSync(`${location.sqlitePath}-check`), 'the next start is asked to check')
  const store = await placeAt(last, location).open()
  assert.ok(!existsSync(`${location.sqlitePath}-check`))
  const found = await store.read((view) => view.accounts.page(0, 10))
  assert.ok(
    found.some(({ id }) => id === 1),
    'what was acknowledged is there',
  )
  assert.equal(await store.write((tx) => tx.accounts.nextId()), 1)
})

test('S4 a failed sync of the database behind its log stops all writing too, and loses nothing', {
  timeout: 600_000,
}, async (t) => {
  const last = lastFirst(t)
  const folder = temporaryFolder(last, 'eio')
  const faults = process.platform === 'linux' ? failingSyncs(folder, 'the database') : undefined
  if (faults === undefined) return t.skip('NOT RUN: making a sync fail needs Linux and a C compiler')
  const location = { sqlitePath: join(folder, 'chancery.db') }
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', fillingScript(location, faults.trigger)],
    {
      env: { ...process.env, LD_PRELOAD: faults.library },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text
  })
  await once(child, 'close')
  const { stored, refused } = JSON.parse(printed)
  assert.equal(refused, 'store_failed')
  rmSync(faults.trigger)
  const store = await placeAt(last, location).open()
  assert.equal(await store.write((tx) => tx.accounts.nextId()), stored + 1)
})

/** Lets syncs fail once the store is open, and writes until a write is refused. */
function fillingScript(location: object, trigger: string): string {
  const module = new URL('../open.ts', import.meta.url).href
  return `
    import { randomBytes } from 'node:crypto'
    import { writeFileSync } from 'node:fs'
    const { openStore } = await import(${JSON.stringify(module)})
    const store = await openStore({
      clock: { now: () => Date.now() },
      random: { bytes: (length) => randomBytes(length) },
      log: { info() {}, warn() {}, error() {} },
      processName: 'filling',
      ...${JSON.stringify(location)},
    })
    writeFileSync(${JSON.stringify(trigger)}, '')
    let stored = 0
    let refused
    while (refused === undefined && stored < 20_000) {
      await store.write(function* (tx) {
        yield* tx.runtime.setSetting('recovery', 'x'.repeat(100_000))
        return yield* tx.accounts.nextId()
      }).then(() => stored++, (error) => { refused = error.code })
    }
    console.log(JSON.stringify({ stored, refused }))
    // Closing in order would move the log once more; a crash does not.
    process.kill(process.pid, 'SIGKILL')`
}

/** Stores an account, then lets syncs fail, then lets them work again: only the first write may be acknowledged. */
function failingScript(location: object, trigger: string): string {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  return `
    import { randomBytes } from 'node:crypto'
    import { rmSync, writeFileSync } from 'node:fs'
    const { openStore } = await import(${url('../open.ts')})
    const { anAccount } = await import(${url('../../../test/support/store-records.ts')})
    let logged
    const store = await openStore({
      clock: { now: () => Date.now() },
      random: { bytes: (length) => randomBytes(length) },
      log: { info() {}, warn() {}, error(_facts, message) { logged ??= message } },
      processName: 'failing',
      ...${JSON.stringify(location)},
    })
    const results = []
    const healthy = []
    const write = async (id) => {
      const account = anAccount({ id, email: id + '@example.test' })
      const stored = store.write((tx) => tx.accounts.insert(account))
      results.push(await stored.then(() => 'stored', (error) => error.code))
      healthy.push(store.healthy())
    }
    await write(1)
    writeFileSync(${JSON.stringify(trigger)}, '')
    await write(2)
    await write(3)
    rmSync(${JSON.stringify(trigger)})
    await write(4)
    await store.close()
    console.log(JSON.stringify({ results, healthy, logged }))`
}

test('a database that was damaged while a storage error was noted is refused', async (t) => {
  const { path, at } = sqlitePlace(t)
  const store = await at.open()
  for (let n = 0; n < 50; n++) await issueOne(store)
  await store.close()
  const database = new DatabaseSync(path, { defensive: false })
  database.exec('PRAGMA writable_schema = ON')
  database.exec(`update sqlite_schema set sql = replace(sql, '"name" text not null', '"name" text')
                 where name = 'certificate'`)
  database.exec(`delete from sqlite_schema where name = 'certificate_serial'`)
  database.close()
  writeFileSync(`${path}-check`, '')
  await assert.rejects(at.open(), (error) => error instanceof StoreUnusable && error.defect === 'unreachable')
  assert.ok(existsSync(`${path}-check`), 'the check is asked for again')
})
