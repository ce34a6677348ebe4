import { join } from 'node:path'
import { createDirectory } from '../../src/core/authorities/directory.ts'
import { type AccountId, type AuthorityId, accountId, authorityId } from '../../src/core/brand.ts'
import type { Engine } from '../../src/core/engine.ts'
import { defaultEngineSettings } from '../../src/core/engine-settings.ts'
import type { Clock, StopPoints } from '../../src/core/environment.ts'
import { RefusalPace } from '../../src/core/limits/refusal-pace.ts'
import { builtInKeyLists } from '../../src/core/policy/keys/published-keys.ts'
import { createSigningGate } from '../../src/core/signing-gate.ts'
import { createOcspService, type OcspService } from '../../src/core/status/answer-ocsp.ts'
import { renewResponder } from '../../src/core/status/renew-responder.ts'
import { createResponders } from '../../src/core/status/responders.ts'
import { SealedKeyService } from '../../src/keys/key-service.ts'
import { openSealer } from '../../src/keys/open-sealer.ts'
import { Argon2PassphraseKeys } from '../../src/keys/passphrase-keys.ts'
import { openHighWaterFile } from '../../src/store/high-water-file.ts'
import { openStore, type StoreLocation } from '../../src/store/open.ts'
import { openEngine, testAccount } from '../support/engine.ts'
import { installationStart, silentLog } from '../support/installation.ts'
import { nothingOutside } from '../support/outside.ts'
import { testRandom } from '../support/sealer.ts'
import { journalling } from './journal.ts'

/** An installation whose processes are killed. */
export interface CrashSite {
  readonly folder: string
  readonly location: StoreLocation
  readonly accountId: AccountId
  readonly authorityId: AuthorityId
}

/**
 * One time for all processes of a site, which runs faster than the wall clock, so that CRLs, which are a second
 * apart, follow each other quickly.
 */
export interface SiteTime {
  /** What the site's clocks show at `realAt`. */
  readonly siteAt: number
  readonly realAt: number
}

const SPEED = 50

export function clockOf({ siteAt, realAt }: SiteTime): Clock {
  return { now: () => siteAt + Math.floor((Date.now() - realAt) * SPEED) }
}

/** An account, its hierarchy, an OCSP signer; and when its processes may start. */
export async function prepareSite(folder: string, location: StoreLocation): Promise<CrashSite> {
  const engine = await openEngine({ folder, location })
  try {
    const { account, issuing } = await testAccount(engine)
    await renewResponder(engine, issuing.id)
    return { folder, location, accountId: accountId(account.id), authorityId: authorityId(issuing.id) }
  } finally {
    await engine.close()
  }
}

/** When the first processes of a site start. */
export const siteStart = installationStart + 60_000

export interface SiteEngine extends Engine {
  readonly ocsp: OcspService
  close(): Promise<void>
}

export interface SiteEngineOptions {
  readonly clock: Clock
  /** File of the signer's journal. */
  readonly journal: string
  readonly processName: string
  readonly stopAt?: StopPoints
}

/** The engine as a server builds it, with keys that keep a journal. */
export async function openSiteEngine(site: CrashSite, options: SiteEngineOptions): Promise<SiteEngine> {
  const { clock, journal, processName, stopAt } = options
  const environment = { clock, random: testRandom, log: silentLog, ...(stopAt && { stopAt }) }
  const store = await openStore({ ...site.location, processName, ...environment })
  try {
    const masterKeyFile = join(site.folder, 'master.key')
    const sealer = await openSealer({ ...environment, store, masterKeyFile })
    const keyService = journalling(new SealedKeyService({ sealer, random: testRandom }), journal)
    const settings = { ...defaultEngineSettings, publicUrl: 'http://ca.example.test' }
    const { publicUrl, ocspValidityMs: validityMs } = settings
    const passphraseKeys = new Argon2PassphraseKeys({ random: testRandom })
    return {
      ...environment,
      settings,
      store,
      sealer,
      passphraseKeys,
      keyService,
      highWater: openHighWaterFile(join(site.folder, 'high-water.json')),
      directory: createDirectory({ store, keyService, publicUrl, log: silentLog }),
      signingGate: createSigningGate(0),
      refusalPace: new RefusalPace(setTimeout),
      outside: nothingOutside,
      keyLists: builtInKeyLists,
      ocsp: createOcspService({
        store,
        responders: createResponders(store, keyService),
        clock,
        log: silentLog,
        validityMs,
      }),
      async close() {
        await passphraseKeys.close()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}
