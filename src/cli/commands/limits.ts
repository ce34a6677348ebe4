import type { Command } from 'commander'
import type { AccountRecord, ApiKeyRecord } from '../../core/accounts/account.ts'
import { isApiKeyLive } from '../../core/accounts/api-key.ts'
import { checkedAccount, loadAccount } from '../../core/accounts/load-account.ts'
import type { AccountId } from '../../core/brand.ts'
import { writeDuration } from '../../core/duration-text.ts'
import type { Engine } from '../../core/engine.ts'
import { Fault } from '../../core/faults.ts'
import { creationState, type LimitState, limitState } from '../../core/limits/limit-state.ts'
import { type Options, parseAccountId, withInstallation, withStore } from '../command.ts'
import { table } from '../output.ts'
import type { Services } from '../services.ts'
import { limitsSet } from './limits-set.ts'

interface Given extends Options {
  readonly account?: AccountId
  readonly key?: string
}

/** One limit of an account or of one of its keys. */
interface Shown extends LimitState {
  readonly accountId: AccountId
  /** Null: of the account. */
  readonly key: string | null
}

const pageLength = 500

/** `chancery limits` and what stands below it. */
export function limits(parent: Command, services: Services): void {
  const command = parent
    .command('limits')
    .description('what accounts and API keys have left of their limits')
    .option('--account <ID>', 'of this account only', parseAccountId)
    .option('--key <ID>', 'of this API key only: the first part of its text')
    .enablePositionalOptions()
  limitsSet(command, services)
  withStore(command, services).action((options: Given) =>
    withInstallation(services, options, false, async ({ engine, output }) => {
      const found = await find(engine, options)
      const rows = found.flatMap(({ accountId, key, limit, source, windows }) => {
        const common = [String(accountId), key ?? '–', limit]
        if (windows.length === 0) return [[...common, 'none', '–', '–', '–', source]]
        return windows.map(({ limit: most, windowMs, used, remaining, freesInMs }) => [
          ...common,
          `${most}/${writeDuration(windowMs)}`,
          String(used),
          String(remaining),
          remaining === 0 ? `${Math.ceil(freesInMs / 1_000)} s` : '–',
          source,
        ])
      })
      const head = ['ACCOUNT', 'KEY', 'LIMIT', 'WINDOW', 'USED', 'LEFT', 'NEXT IN', 'SET BY']
      output.result({ limits: found.map(jsonOf) }, table(head, rows))
    }),
  )
}

function jsonOf({ accountId, key, limit, source, windows }: Shown) {
  return {
    account_id: accountId,
    key_id: key,
    limit,
    set_by: source,
    windows: windows.map((window) => ({
      limit: window.limit,
      window_ms: window.windowMs,
      used: window.used,
      remaining: window.remaining,
      frees_in_ms: window.freesInMs,
    })),
  }
}

/** @throws Fault account_unavailable, account_corrupt, credential_unknown */
async function find(engine: Engine, { account, key }: Given): Promise<readonly Shown[]> {
  if (key !== undefined) return ofKey(engine, key, account)
  const shown: Shown[] = []
  for await (const each of accountsOf(engine, account)) {
    shown.push(...(await ofAccount(engine, each)))
    const keys = await engine.store.read((view) => view.accounts.apiKeysOf(each.id))
    for (const record of keys) {
      if (isApiKeyLive(record, engine.clock.now())) shown.push(...(await statesOf(engine, each, record)))
    }
  }
  return shown
}

async function ofKey(
  engine: Engine,
  publicId: string,
  account: AccountId | undefined,
): Promise<readonly Shown[]> {
  const { record, owner } = await engine.store.read(function* (view) {
    const found = yield* view.accounts.apiKey(publicId)
    if (found === undefined || (account !== undefined && found.accountId !== account)) {
      throw new Fault('credential_unknown', {})
    }
    return { record: found, owner: yield* loadAccount(view, engine.sealer, found.accountId) }
  })
  return statesOf(engine, owner, record)
}

async function* accountsOf(engine: Engine, account: AccountId | undefined): AsyncGenerator<AccountRecord> {
  if (account !== undefined) {
    yield await engine.store.read((view) => loadAccount(view, engine.sealer, account))
    return
  }
  for (let after = 0; ; ) {
    const page = await engine.store.read((view) => view.accounts.page(after, pageLength))
    for (const each of page) yield checkedAccount(engine.sealer, each)
    after = page.at(-1)?.id ?? after
    if (page.length < pageLength) return
  }
}

async function ofAccount(engine: Engine, account: AccountRecord): Promise<readonly Shown[]> {
  const states = await creationState(engine, account)
  return states.map((state) => ({ ...state, accountId: account.id, key: null }))
}

async function statesOf(
  engine: Engine,
  account: AccountRecord,
  { publicId }: ApiKeyRecord,
): Promise<readonly Shown[]> {
  const states = await limitState(engine, account, publicId)
  return states.map((state) => ({ ...state, accountId: account.id, key: publicId }))
}
