import { authorityChain } from '../authorities/authority-chain.ts'
import { authorityId } from '../brand.ts'
import type { Engine } from '../engine.ts'

/** The CAs that client certificates can come from, as the listener for mutual TLS needs them. */
export interface ClientCertificateIssuers {
  /** DER of the certificates of CAs that issue them. */
  readonly issuing: readonly Uint8Array[]
  /** DER of those above, for the handshake. */
  readonly above: readonly Uint8Array[]
}

/** None before the installation has an operator. */
export async function clientCertificateIssuers(
  engine: Pick<Engine, 'store'>,
): Promise<ClientCertificateIssuers> {
  const found = await engine.store.read(function* (view) {
    const id = yield* view.runtime.setting('operator-authority')
    if (id === undefined) return undefined
    const certificates = yield* view.authorities.certificatesOf(authorityId(Number(id)))
    return { id: authorityId(Number(id)), certificates }
  })
  if (found === undefined) return { issuing: [], above: [] }
  const [, ...above] = await authorityChain(engine, found.id)
  return {
    issuing: found.certificates.map(({ certificateDer }) => certificateDer),
    above: above.map(({ certificateDer }) => certificateDer),
  }
}
