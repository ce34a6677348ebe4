import type { Caller } from '../audit/caller.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { holdMasterKey } from '../keys/master-key.ts'
import { sealContexts } from '../keys/seal-contexts.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import type { AccountRecord, AccountSettings } from './account.ts'
import { accountIntegrity } from './account-integrity.ts'
import { insertApiKey } from './api-key-create.ts'
import { parseEmailAddress } from './email-address.ts'
import { checkNewPassphrase, generatePassphrase, stretchNewPassphrase } from './passphrase.ts'
import { plainTextDefect } from './plain-text.ts'

export interface AccountRequest {
  /** Any letter case; unique without it. */
  readonly email: string
  /** What people call the account; at most 256 characters. Default: the address. */
  readonly name?: string
  /** Absent: one is made. */
  readonly passphrase?: string
  readonly settings?: AccountSettings
}

/** The secrets in it are shown once. */
export interface CreatedAccount {
  readonly account: AccountRecord
  /** Signs TinyCert calls: 64 lower-case hex digits. */
  readonly tinycertKey: string
  /** The one that was made; absent when it was given. */
  readonly generatedPassphrase?: string
  /** An administrator's, without restriction or end. */
  readonly apiKey: string
}

type Parts = Pick<Engine, 'clock' | 'random' | 'store' | 'sealer' | 'passphraseKeys'>

/** What has to become durable together with an account. */
export type WhileCreating = (transaction: Transaction, account: AccountRecord) => Program<void>

/**
 * Makes an account with its secrets and its first API key. It can issue nothing yet: see
 * `createAccountHierarchy`.
 * @param whileCreating runs in the transaction that stores the account
 * @throws Fault parameter_invalid, account_exists, overloaded
 */
export async function createAccount(
  engine: Parts,
  request: AccountRequest,
  caller: Caller,
  whileCreating?: WhileCreating,
): Promise<CreatedAccount> {
  const email = parseEmailAddress(request.email)
  const name = checkedName(request.name ?? email)
  const generated = request.passphrase === undefined ? generatePassphrase(engine.random) : undefined
  const passphrase = request.passphrase ?? generated ?? ''
  checkNewPassphrase(passphrase)
  const stretched = await stretchNewPassphrase(engine.passphraseKeys, passphrase)
  const vaultKey = engine.random.bytes(32)
  const tinycertKey = Buffer.from(engine.random.bytes(32)).toString('hex')
  try {
    const prepared = { email, name, settings: request.settings ?? {}, stretched, vaultKey, tinycertKey }
    const created = await engine.store.write(function* (transaction) {
      const inserted = yield* insertAccount(transaction, engine, prepared, caller)
      if (whileCreating !== undefined) yield* whileCreating(transaction, inserted.account)
      return inserted
    })
    return generated === undefined ? created : { ...created, generatedPassphrase: generated }
  } finally {
    vaultKey.fill(0)
    stretched.key.fill(0)
  }
}

interface PreparedAccount extends Pick<AccountRecord, 'email' | 'name' | 'settings'> {
  readonly stretched: Awaited<ReturnType<typeof stretchNewPassphrase>>
  readonly vaultKey: Uint8Array
  readonly tinycertKey: string
}

function* insertAccount(
  transaction: Transaction,
  { clock, random, sealer }: Parts,
  prepared: PreparedAccount,
  caller: Caller,
): Program<CreatedAccount> {
  yield* holdMasterKey(transaction, sealer)
  const { email, name, settings, stretched, vaultKey, tinycertKey } = prepared
  const id = yield* transaction.accounts.nextId()
  const fields = {
    id,
    email,
    name,
    status: 'active' as const,
    settings,
    passphraseParameters: stretched.parameters,
    vaultKeySealed: sealer.sealUnder(stretched.key, vaultKey, sealContexts.vaultKey(id)),
    tinycertKeySealed: sealer.seal(Buffer.from(tinycertKey), sealContexts.tinycertKey(id)),
    createdAt: clock.now(),
  }
  const account: AccountRecord = { ...fields, integrity: accountIntegrity(sealer, fields) }
  if (!(yield* transaction.accounts.insert(account))) throw new Fault('account_exists', { email })
  transaction.configurationChanged()
  transaction.record({
    action: 'account.created',
    at: account.createdAt,
    actor: caller.actor,
    accountId: id,
    object: `account:${id}`,
    requestId: caller.requestId,
    detail: { email, name },
  })
  const key = { accountId: id, role: 'administrator' as const, restriction: null, endDate: null }
  const { text } = yield* insertApiKey(transaction, { clock, random }, key, caller)
  return { account, tinycertKey, apiKey: text }
}

const mostNameCharacters = 256

function checkedName(name: string): string {
  const reason = nameDefect(name)
  if (reason !== undefined) throw new Fault('parameter_invalid', { parameter: 'name', reason })
  return name
}

function nameDefect(name: string): string | undefined {
  if (name.trim() === '') return 'empty'
  if ([...name].length > mostNameCharacters) return `longer than ${mostNameCharacters} characters`
  return plainTextDefect(name)
}
