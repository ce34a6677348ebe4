import { generateKeyPairSync, sign } from 'node:crypto'
import { after, before } from 'node:test'
import type { AccountRecord } from '../../src/core/accounts/account.ts'
import { createAccount } from '../../src/core/accounts/create-account.ts'
import { createAccountHierarchy } from '../../src/core/authorities/create-hierarchy.ts'
import { createDirectory } from '../../src/core/authorities/directory.ts'
import type { Engine, EngineSettings } from '../../src/core/engine.ts'
import { RefusalPace } from '../../src/core/limits/refusal-pace.ts'
import { builtInKeyLists } from '../../src/core/policy/keys/published-keys.ts'
import { createSigningGate } from '../../src/core/signing-gate.ts'
import { createOcspService, type OcspService } from '../../src/core/status/answer-ocsp.ts'
import { createResponders } from '../../src/core/status/responders.ts'
import type { HighWater, HighWaterMarks } from '../../src/core/store/high-water.ts'
import type { Outside } from '../../src/core/validation/outside.ts'
import { buildCertificationRequest } from '../../src/pki/csr.ts'
import { encodeName } from '../../src/pki/names.ts'
import { type Installation, type InstallationOptions, openInstallation, testCaller } from './installation.ts'
import { nothingOutside } from './outside.ts'
import { lastFirst, placeAt, type StoreKind, type StorePlace } from './stores.ts'
import { type Scope, temporaryFolder } from './tmp.ts'

/** A whole engine over a real store, with an account that can issue. */
export interface TestEngine extends Engine {
  readonly installation: Installation
  readonly clock: Installation['clock']
  readonly ocsp: OcspService
  /** Runs one statement behind its store's back, with values written into the text. */
  readonly query: StorePlace['query']
  close(): Promise<void>
}

export interface TestEngineOptions extends InstallationOptions {
  readonly settings?: Partial<EngineSettings>
  /** Default: nothing beyond this machine answers. */
  readonly outside?: Partial<Outside>
}

export async function openEngine(options: TestEngineOptions): Promise<TestEngine> {
  const installation = await openInstallation(options)
  const settings = { ...installation.settings, ...options.settings }
  const { store, keyService, clock, log } = installation
  const location = options.location ?? { sqlitePath: installation.databaseFile }
  const responders = createResponders(store, keyService)
  return {
    ...installation,
    settings,
    installation,
    query: placeAt(opensNothing, location).query,
    highWater: memoryHighWater(),
    directory: createDirectory({ store, keyService, publicUrl: settings.publicUrl, log }),
    signingGate: createSigningGate(0),
    refusalPace: new RefusalPace(setTimeout),
    outside: { ...nothingOutside, ...options.outside },
    keyLists: builtInKeyLists,
    ocsp: createOcspService({ store, responders, clock, log, validityMs: settings.ocspValidityMs }),
    close: () => installation.close(),
  }
}

/**
 * For the body of a suite: an engine on this kind of store, opened before its tests and closed after them.
 * @returns what gives the engine to hooks and tests
 */
export function suiteEngine(
  kind: StoreKind,
  options: Omit<TestEngineOptions, 'folder' | 'location'> = {},
): () => TestEngine {
  const scope = lastFirst({ after })
  let engine: TestEngine | undefined
  before(async () => {
    const { location } = await kind.place(scope)
    const opened = await openEngine({ ...options, folder: temporaryFolder(scope), location })
    scope.after(() => opened.close())
    engine = opened
  })
  return () => {
    if (engine === undefined) throw new Error('the engine is open while hooks and tests of its suite run')
    return engine
  }
}

/** How many rows acts have left: certificates in every state, private keys, audit events, refusals among them. */
export async function footprint(engine: TestEngine) {
  const [row] = await engine.query(
    `SELECT (SELECT count(*) FROM certificate) AS certificates,
            (SELECT count(*) FROM private_key) AS keys,
            (SELECT count(*) FROM event) AS events,
            (SELECT count(*) FROM event WHERE body LIKE '%"action":"certificate.refused"%') AS refusals`,
  )
  return {
    certificates: Number(row?.certificates),
    keys: Number(row?.keys),
    events: Number(row?.events),
    refusals: Number(row?.refusals),
  }
}

const opensNothing: Scope = { after: () => {} }

/** An account with its private hierarchy. */
export async function testAccount(engine: TestEngine, email = 'ada@example.test') {
  const created = await createAccount(engine.installation, { email, name: 'Example' }, testCaller)
  const account: AccountRecord = created.account
  const hierarchy = await createAccountHierarchy(engine, account, testCaller)
  return { account, ...hierarchy, created }
}

/** DER of a P-256 request without names: what they are is told beside it. */
export async function testRequest(commonName = 'request.example.test'): Promise<Uint8Array> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return buildCertificationRequest(
    {
      subjectDer: encodeName([{ type: '2.5.4.3', value: commonName }]),
      spkiDer: publicKey.export({ format: 'der', type: 'spki' }),
      sans: [],
      algorithm: 'ecdsa-sha256',
    },
    (bytes) => sign('sha256', bytes, privateKey),
  )
}

function memoryHighWater(): HighWater {
  let marks: HighWaterMarks = { crlNumbers: {}, chains: {} }
  return {
    read: async () => marks,
    async raise(higher, vouched = {}) {
      const chains = { ...marks.chains, ...higher.chains }
      for (const chain of Object.keys(vouched)) delete chains[chain]
      marks = { crlNumbers: { ...marks.crlNumbers, ...higher.crlNumbers }, chains }
    },
  }
}
