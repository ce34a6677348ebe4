import { generateKeyPairSync } from 'node:crypto'
import { createAccountHierarchy } from '../../src/core/authorities/create-hierarchy.ts'
import { createDirectory } from '../../src/core/authorities/directory.ts'
import type { AccountRecord } from '../../src/core/accounts/account.ts'
import { createAccount } from '../../src/core/accounts/create-account.ts'
import type { Engine, EngineSettings } from '../../src/core/engine.ts'
import { builtInKeyLists } from '../../src/core/policy/keys/published-keys.ts'
import { createSigningGate } from '../../src/core/signing-gate.ts'
import { createOcspService, type OcspService } from '../../src/core/status/answer-ocsp.ts'
import { createResponders } from '../../src/core/status/responders.ts'
import type { HighWater, HighWaterMarks } from '../../src/core/store/high-water.ts'
import { buildCertificationRequest } from '../../src/pki/csr.ts'
import { encodeName } from '../../src/pki/names.ts'
import { type Installation, type InstallationOptions, openInstallation, testCaller } from './installation.ts'
import { sign } from 'node:crypto'

/** A whole engine over a real store, with an account that can issue. */
export interface TestEngine extends Engine {
  readonly installation: Installation
  readonly clock: Installation['clock']
  readonly ocsp: OcspService
  close(): Promise<void>
}

export interface TestEngineOptions extends InstallationOptions {
  readonly settings?: Partial<EngineSettings>
}

export async function openEngine(options: TestEngineOptions): Promise<TestEngine> {
  const installation = await openInstallation(options)
  const settings = { ...installation.settings, ...options.settings }
  const { store, keyService, clock, log } = installation
  const responders = createResponders(store, keyService)
  return {
    ...installation,
    settings,
    installation,
    highWater: memoryHighWater(),
    directory: createDirectory({ store, keyService, publicUrl: settings.publicUrl, log }),
    signingGate: createSigningGate(0),
    keyLists: builtInKeyLists,
    ocsp: createOcspService({ store, responders, clock, log, validityMs: settings.ocspValidityMs }),
    close: () => installation.close(),
  }
}

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
    read: () => marks,
    raise(higher) {
      marks = {
        crlNumbers: { ...marks.crlNumbers, ...higher.crlNumbers },
        chains: { ...marks.chains, ...higher.chains },
      }
    },
  }
}
