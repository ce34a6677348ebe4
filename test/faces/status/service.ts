import { tmpdir } from 'node:os'
import { after, before } from 'node:test'
import { pino } from 'pino'
import type { AuthorityRecord } from '../../../src/core/authorities/authority.ts'
import { publishCrl } from '../../../src/core/status/publish-crl.ts'
import { renewResponder } from '../../../src/core/status/renew-responder.ts'
import { statusFace } from '../../../src/faces/status/plugin.ts'
import { readConfiguration } from '../../../src/server/configuration/configuration.ts'
import { createPlainListener } from '../../../src/server/http/listener.ts'
import { openEngine, type TestEngine, testAccount } from '../../support/engine.ts'
import { type HttpAnswer, type HttpOptions, httpRequest } from '../../support/http.ts'
import { type Door, doorOf } from '../../support/issuing.ts'
import { freePort } from '../../support/process.ts'
import { lastFirst, type StoreKind } from '../../support/stores.ts'
import { temporaryFolder } from '../../support/tmp.ts'

/** The status services of one engine on a listener of the program, over loopback. */
export interface StatusService {
  readonly engine: TestEngine
  readonly url: string
  readonly root: AuthorityRecord
  /** The CA to ask for certificates; it has an OCSP signer and a CRL. */
  readonly door: Door
  /** @param path as it stands in the request line */
  request(path: string, options?: HttpOptions): Promise<HttpAnswer>
}

export const maxAgeSeconds = 60

/** For the body of a suite: the service, started before its tests and stopped after them. */
export function suiteService(kind: StoreKind): () => StatusService {
  const scope = lastFirst({ after })
  let service: StatusService | undefined
  before(async () => {
    const { location } = await kind.place(scope)
    const url = `http://127.0.0.1:${await freePort()}`
    const engine = await openEngine({
      folder: temporaryFolder(scope),
      location,
      settings: { publicUrl: url },
      // What openssl judges has to be in force by its own clock.
      startAt: Math.floor(Date.now() / 1_000) * 1_000 - 60_000,
    })
    scope.after(() => engine.close())
    const { store, ocsp, clock } = engine
    const listener = createPlainListener({
      settings: readConfiguration({ data: tmpdir() }, {}),
      log: pino({ level: 'silent' }),
      faces: [
        {
          name: 'status',
          exposure: 'status',
          plugin: statusFace({ store, ocsp, clock, maxAgeSeconds }),
        },
      ],
      processes: 1,
    })
    await listener.listen({ host: '127.0.0.1', port: Number(new URL(url).port) })
    scope.after(() => listener.close())
    const { root, issuing } = await testAccount(engine)
    for (const { id } of [root, issuing]) {
      await renewResponder(engine, id)
      await publishCrl(engine, id)
    }
    service = {
      engine,
      url,
      root,
      door: doorOf(engine, issuing),
      request: (path, options = {}) => httpRequest(url, { ...options, path }),
    }
  })
  return () => {
    if (service === undefined) throw new Error('the service runs while hooks and tests of its suite run')
    return service
  }
}
