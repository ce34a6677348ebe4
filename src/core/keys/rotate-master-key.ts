import { accountIntegrity, isAccountIntact } from '../accounts/account-integrity.ts'
import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault, isFault } from '../faults.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { type MasterKeyHolder, masterKeyLease, type NextMasterKey } from './master-key.ts'
import { rewrapDocuments } from './rewrap-documents.ts'
import { sealContexts } from './seal-contexts.ts'
import { SealError, type Sealer } from './sealer.ts'

export interface MasterKeyRotationOptions {
  /**
   * Envelopes that the present master key does not open are left as they are, and lost with it. Default false:
   * the first one ends the rotation with a SealError that names it.
   */
  readonly leaveUnreadable?: boolean
}

export interface MasterKeyRotation {
  readonly from: string
  readonly to: string
  readonly keys: number
  readonly accounts: number
  /** What stays sealed under the old key, such as `key:…`. */
  readonly unreadable: readonly string[]
}

type Parts = Pick<Engine, 'clock' | 'random' | 'store' | 'log' | 'stopAt'>

/**
 * Exchanges the master key. Killed at any instant, exactly one key opens everything: the new key is durable
 * before the one transaction that rewraps all and names it, and the store says which key that is.
 *
 * Other processes of the installation take the new key from the file by themselves.
 * @throws Fault store_busy when another rotation runs, or one was interrupted a few minutes ago
 * @throws SealError when something does not open, see `leaveUnreadable`
 */
export async function rotateMasterKey(
  parts: Parts,
  sealer: Sealer & MasterKeyHolder,
  caller: Caller,
  options: MasterKeyRotationOptions = {},
): Promise<MasterKeyRotation> {
  const holder = Buffer.from(parts.random.bytes(8)).toString('hex')
  await takeLease(parts, sealer, holder)
  try {
    return await rotate({
      parts,
      sealer,
      holder,
      caller,
      leaveUnreadable: options.leaveUnreadable ?? false,
    })
  } finally {
    await releaseLease(parts, holder)
  }
}

interface RotationTask {
  readonly parts: Parts
  readonly sealer: Sealer & MasterKeyHolder
  readonly holder: string
  readonly caller: Caller
  readonly leaveUnreadable: boolean
}

async function rotate(task: RotationTask): Promise<MasterKeyRotation> {
  const { parts, sealer } = task
  const from = sealer.masterKeyId
  sealer.settle()
  const next = sealer.prepare()
  await parts.stopAt?.('master-key.new-file')
  const counts = await commitOrDiscard(parts, next, (transaction) =>
    rewrapAll(transaction, { ...task, next }),
  )
  await parts.stopAt?.('master-key.committed')
  next.promote()
  await parts.stopAt?.('master-key.renamed')
  return { from, to: next.id, ...counts }
}

/** Long enough to make the file durable and to wait for the writer. */
const preparationLeaseMs = 60_000
/** From the transaction on; the new file has only to be renamed then. */
const commitLeaseMs = 300_000

async function takeLease(
  { store, clock }: Parts,
  sealer: Sealer & MasterKeyHolder,
  holder: string,
): Promise<void> {
  const now = clock.now()
  const stored = await store.write(function* (transaction) {
    const free = yield* transaction.runtime.takeLease(masterKeyLease, holder, now, now + preparationLeaseMs)
    return free ? yield* transaction.runtime.setting('master-key') : undefined
  })
  if (stored === undefined) throw new Fault('store_busy', { retryAfterMs: commitLeaseMs })
  sealer.follow(stored)
}

async function releaseLease({ store, log }: Parts, holder: string): Promise<void> {
  try {
    await store.write((transaction) => transaction.runtime.releaseLease(masterKeyLease, holder))
  } catch (error) {
    if (!isFault(error)) throw error
    log.warn({ fault: error.code }, 'the lease of the rotation could not be released and has to run out')
  }
}

interface RewrapTask extends RotationTask {
  readonly next: NextMasterKey
}

type RewrapCounts = Omit<MasterKeyRotation, 'from' | 'to'>

async function commitOrDiscard(
  { store, log }: Parts,
  next: NextMasterKey,
  program: (transaction: Transaction) => Program<RewrapCounts>,
): Promise<RewrapCounts> {
  try {
    return await store.write(program)
  } catch (error) {
    // Without a certain "no" of the store the file stays: it may hold the only key that opens everything.
    const stored = await store.read((view) => view.runtime.setting('master-key'))
    if (stored === next.id) {
      next.promote()
      log.error({ masterKeyId: next.id }, 'the rotation was committed, although its answer was lost')
    } else {
      next.discard()
    }
    throw error
  }
}

function* rewrapAll(transaction: Transaction, task: RewrapTask): Program<RewrapCounts> {
  const { parts, sealer, next, holder, caller } = task
  const now = parts.clock.now()
  const held = yield* transaction.runtime.holdSetting('master-key')
  const ours = yield* transaction.runtime.takeLease(masterKeyLease, holder, now, now + commitLeaseMs)
  if (held !== sealer.masterKeyId || !ours) throw new Fault('store_busy', { retryAfterMs: commitLeaseMs })
  const unreadable: string[] = []
  yield* rewrapIntegrityKey(transaction, next)
  const keys = yield* rewrapKeys(transaction, task, unreadable)
  const accounts = yield* rewrapAccounts(transaction, task, unreadable)
  yield* rewrapDocuments(transaction, (text, context, object) => {
    const sealed = rewrap(task, Buffer.from(text, 'base64'), context, object, unreadable)
    return sealed === undefined ? undefined : Buffer.from(sealed).toString('base64')
  })
  yield* transaction.runtime.setSetting('master-key', next.id)
  transaction.configurationChanged()
  transaction.record({
    action: 'master-key.rotated',
    at: now,
    actor: caller.actor,
    accountId: null,
    object: `master-key:${next.id}`,
    requestId: caller.requestId,
    detail: { from: held, to: next.id, keys, accounts, unreadable: unreadable.length },
  })
  return { keys, accounts, unreadable }
}

function* rewrapIntegrityKey(transaction: Transaction, next: NextMasterKey): Program<void> {
  const text = yield* transaction.runtime.setting('integrity-key')
  if (text === undefined) throw new SealError('the store holds no integrity key')
  const rewrapped = next.rewrap(Buffer.from(text, 'base64'), sealContexts.integrityKey)
  yield* transaction.runtime.setSetting('integrity-key', Buffer.from(rewrapped).toString('base64'))
}

const pageLength = 500

function* rewrapKeys(transaction: Transaction, task: RewrapTask, unreadable: string[]): Program<number> {
  let count = 0
  let after = ''
  for (;;) {
    const page = yield* transaction.keys.masterWrapped(after, pageLength)
    for (const key of page) {
      after = key.id
      const sealed = rewrap(task, key.sealed, sealContexts.privateKey(key), `key:${key.id}`, unreadable)
      if (sealed === undefined) continue
      yield* transaction.keys.rewrap(key.id, sealed)
      count++
    }
    if (page.length < pageLength) return count
  }
}

function* rewrapAccounts(transaction: Transaction, task: RewrapTask, unreadable: string[]): Program<number> {
  let count = 0
  let after = 0
  for (;;) {
    const page = yield* transaction.accounts.page(after, pageLength)
    for (const { id } of page) {
      after = id
      // The page was read without a lock: a passphrase change may have come in between.
      const account = yield* transaction.accounts.hold(id)
      if (account === undefined) continue
      const context = sealContexts.tinycertKey(id)
      const sealed = rewrap(task, account.tinycertKeySealed, context, `account:${id}`, unreadable)
      if (sealed === undefined) continue
      const rewrapped = { ...account, tinycertKeySealed: sealed }
      // A row that was changed behind our back must not become sound by a rotation.
      const integrity = isAccountIntact(task.sealer, account)
        ? accountIntegrity(task.sealer, rewrapped)
        : account.integrity
      yield* transaction.accounts.update({ ...rewrapped, integrity })
      count++
    }
    if (page.length < pageLength) return count
  }
}

function rewrap(
  task: RewrapTask,
  sealed: Uint8Array,
  context: Parameters<NextMasterKey['rewrap']>[1],
  object: string,
  unreadable: string[],
): Uint8Array | undefined {
  try {
    return task.next.rewrap(sealed, context)
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    if (!task.leaveUnreadable) {
      throw new SealError(`${object} does not open under the present master key`, { cause: error })
    }
    unreadable.push(object)
    return undefined
  }
}
