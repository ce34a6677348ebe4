/** Engines that fail where a test wants them to. */
import { createDirectory } from '../../src/core/authorities/directory.ts'
import type { KeyService } from '../../src/core/keys/key-service.ts'
import type { Program } from '../../src/core/store/program.ts'
import type { Transaction } from '../../src/core/store/store.ts'
import { encodeCertId } from '../../src/pki/ocsp-cert-id.ts'
import { encodeOcspRequest } from '../../src/pki/ocsp-request.ts'
import { parseSubjectPublicKeyInfo } from '../../src/pki/spki.ts'
import { openEngine, type TestEngine, testAccount } from '../support/engine.ts'
import { doorOf } from '../support/issuing.ts'
import { lastFirst, type StoreKind } from '../support/stores.ts'
import { type Scope, temporaryFolder } from '../support/tmp.ts'

type Own = Awaited<ReturnType<typeof testAccount>>

/** Two engines on one store, as two request loops, with an account that can issue. */
export async function twoEngines(context: Scope, kind: StoreKind) {
  const scope = lastFirst(context)
  const { location } = await kind.place(scope)
  const folder = temporaryFolder(scope, 'faults')
  const open = async () => {
    const engine = await openEngine({ folder, location })
    scope.after(() => engine.close())
    return engine
  }
  const first = await open()
  const own = await testAccount(first)
  return { first, second: await open(), own, door: doorOf(first, own.issuing) }
}

/**
 * The engine with CA keys that tell `before` what they are about to sign. What it throws is the failure of the
 * signer.
 */
export function withSigner(engine: TestEngine, before: (message: Uint8Array) => void): TestEngine {
  const { store, log, settings } = engine
  const keys = engine.keyService
  const keyService: KeyService = {
    generate: (request) => keys.generate(request),
    adopt: (request) => keys.adopt(request),
    exportPrivateKey: (record, vaultKey) => keys.exportPrivateKey(record, vaultKey),
    forget: (id) => keys.forget(id),
    signer(record, algorithm, vaultKey) {
      const signer = keys.signer(record, algorithm, vaultKey)
      if (record.purpose !== 'authority') return signer
      return {
        algorithm,
        sign(message) {
          before(message)
          return signer.sign(message)
        },
      }
    },
  }
  const directory = createDirectory({ store, keyService, publicUrl: settings.publicUrl, log })
  return { ...engine, keyService, directory }
}

/** The engine with a store whose next writes fail as `failure` says; it gets the number of the write, from 1. */
export function withWrites(engine: TestEngine, failure: (write: number) => Error | undefined): TestEngine {
  let writes = 0
  const store = new Proxy(engine.store, {
    get(target, name) {
      if (name === 'write') return write
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { ...engine, store }

  async function write<Result>(program: (transaction: Transaction) => Program<Result>): Promise<Result> {
    const error = failure(++writes)
    if (error !== undefined) throw error
    return engine.store.write(program)
  }
}

/** What OCSP says of a certificate of the account's issuing CA. */
export async function ocspStatus(engine: TestEngine, own: Own, serialNumber: Uint8Array) {
  const { subjectDer, spkiDer } = own.issuing
  const certId = encodeCertId('sha1', { subjectDer, spki: parseSubjectPublicKeyInfo(spkiDer) }, serialNumber)
  return (await engine.ocsp.answer(encodeOcspRequest([certId]))).outcome
}

/** How often each event was told, of one object where it is named. */
export async function eventCounts(engine: TestEngine, object?: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { body } of await engine.query('SELECT body FROM event')) {
    const event = JSON.parse(String(body))
    if (object === undefined || event.object === object)
      counts[event.action] = (counts[event.action] ?? 0) + 1
  }
  return counts
}
