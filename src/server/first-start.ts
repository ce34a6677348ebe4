import { chmodSync, closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { CreatedAccount } from '../core/accounts/create-account.ts'
import { systemCaller } from '../core/audit/caller.ts'
import type { Engine } from '../core/engine.ts'
import { isFault } from '../core/faults.ts'
import { createTenant, type Tenant } from '../core/identity/create-tenant.ts'
import { pemEncode } from '../pki/pem.ts'
import { syncFolder } from '../store/high-water-file.ts'
import type { DataFolder } from './data-folder.ts'

const lease = 'first-start'
const leaseMs = 60_000
const waitMs = 100
const operatorEmail = 'operator@chancery.internal'

/**
 * Sets up an installation that has no operator yet: his account, its root and issuing CA, and a file with the
 * credentials, mode 0600. One process does it; others that start meanwhile wait for it. A first start that was
 * interrupted is made up for with a new account.
 *
 * @returns whether this call did it
 */
export async function ensureOperator(engine: Engine, folder: DataFolder): Promise<boolean> {
  const holder = Buffer.from(engine.random.bytes(8)).toString('hex')
  for (;;) {
    if (await isSetUp(engine)) return false
    const now = engine.clock.now()
    const ours = await engine.store.write((transaction) =>
      transaction.runtime.takeLease(lease, holder, now, now + leaseMs),
    )
    if (ours) break
    await delay(waitMs)
  }
  try {
    if (await isSetUp(engine)) return false
    await setUp(engine, folder)
    return true
  } finally {
    await engine.store.write((transaction) => transaction.runtime.releaseLease(lease, holder))
  }
}

async function isSetUp(engine: Engine): Promise<boolean> {
  return (await engine.store.read((view) => view.runtime.setting('operator-authority'))) !== undefined
}

async function setUp(engine: Engine, folder: DataFolder): Promise<void> {
  const created = await createOperator(engine)
  const { root, issuing } = created.authorities
  writeDurably(folder.rootCertificate, pemEncode('CERTIFICATE', root.certificateDer), 0o644)
  writeDurably(folder.credentials, credentialsText(created), 0o600)
  // Last, so that an installation counts as set up only when its credentials are in the operator's hands.
  await engine.store.write(function* (transaction) {
    yield* transaction.runtime.setSetting(
      'installation',
      Buffer.from(engine.random.bytes(16)).toString('hex'),
    )
    yield* transaction.runtime.setSetting('operator-account', String(created.account.id))
    yield* transaction.runtime.setSetting('operator-authority', String(issuing.id))
    transaction.configurationChanged()
  })
}

async function createOperator(engine: Engine): Promise<Tenant> {
  try {
    return await createTenant(engine, { email: operatorEmail, name: 'Operator' }, systemCaller)
  } catch (error) {
    if (!isFault(error, 'account_exists')) throw error
    const [user, host] = operatorEmail.split('@')
    const suffix = Buffer.from(engine.random.bytes(4)).toString('hex')
    return createTenant(engine, { email: `${user}+${suffix}@${host}`, name: 'Operator' }, systemCaller)
  }
}

function credentialsText({ account, tinycertKey, generatedPassphrase, apiKey }: CreatedAccount): string {
  const credentials = {
    account_id: account.id,
    email: account.email,
    tinycert_api_key: tinycertKey,
    passphrase: generatedPassphrase,
    api_key: apiKey,
  }
  return `${JSON.stringify(credentials, null, 2)}\n`
}

/** Writes a file that is there whole or not at all, whatever happens meanwhile. */
function writeDurably(path: string, content: string, mode: number): void {
  const unfinished = `${path}.tmp`
  writeFileSync(unfinished, content, { mode })
  // The mode of writeFileSync counts only for a file that it makes, and the umask narrows it.
  chmodSync(unfinished, mode)
  const file = openSync(unfinished, 'r+')
  fsyncSync(file)
  closeSync(file)
  renameSync(unfinished, path)
  syncFolder(dirname(path))
}
