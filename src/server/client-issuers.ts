import { X509Certificate } from 'node:crypto'
import { clientCertificateIssuers } from '../core/client-certificates/issuers.ts'
import type { Engine } from '../core/engine.ts'
import type { ClientIssuers } from './http/bounded-server.ts'

const lookEveryMs = 60_000

/** The CAs whose certificates clients log in with, looked up anew now and then: the operator may renew them. */
export async function watchClientIssuers(
  engine: Engine,
): Promise<{ readonly issuers: () => ClientIssuers; stop(): void }> {
  let present = await look(engine)
  const refresh = async () => {
    try {
      present = await look(engine)
    } catch (error) {
      engine.log.error({ err: error }, 'the CAs of client certificates could not be looked up')
    }
  }
  const timer = setInterval(() => void refresh(), lookEveryMs).unref()
  return { issuers: () => present, stop: () => clearInterval(timer) }
}

async function look(engine: Engine): Promise<ClientIssuers> {
  const { issuing, above } = await clientCertificateIssuers(engine)
  const certificates = issuing.map((der) => new X509Certificate(der))
  const named = [...certificates, ...above.map((der) => new X509Certificate(der))]
  return { issuing: certificates, named: named.map((certificate) => certificate.toString()) }
}
