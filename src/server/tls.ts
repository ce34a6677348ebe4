import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { createSecureContext } from 'node:tls'
import { ensureTlsCertificate } from '../core/authorities/tls-certificate.ts'
import type { Engine } from '../core/engine.ts'
import type { Log } from '../core/environment.ts'
import { isWildcard } from './configuration/address.ts'
import type { Configuration } from './configuration/configuration.ts'
import type { TlsCredentials } from './http/bounded-server.ts'
import { StartError } from './start-error.ts'

const checkEveryMs = 10 * 60_000

/** The certificate and key of the HTTPS listener: brought by the operator, or issued by his CA. */
export async function tlsCredentials(engine: Engine, configuration: Configuration): Promise<TlsCredentials> {
  const { tlsCert, tlsKey } = configuration
  if (tlsCert !== undefined && tlsKey !== undefined) return broughtCredentials(tlsCert, tlsKey)
  const { key, chain } = await ensureTlsCertificate(engine, ownNames(configuration))
  return { certificatePem: chain, privateKeyPem: key }
}

/**
 * Looks now and then whether the certificate was renewed, here or by another process, or its files replaced.
 * What cannot be read leaves the present one in use.
 */
export function watchTlsCredentials(
  engine: Engine,
  configuration: Configuration,
  present: TlsCredentials,
  replace: (credentials: TlsCredentials) => void,
): { stop(): void } {
  let used = present.certificatePem
  const look = async (log: Log) => {
    try {
      const found = await tlsCredentials(engine, configuration)
      if (found.certificatePem === used) return
      replace(found)
      used = found.certificatePem
      log.info(
        { notAfter: new X509Certificate(found.certificatePem).validTo },
        'the HTTPS certificate was replaced',
      )
    } catch (error) {
      log.error({ err: error }, 'the HTTPS certificate could not be renewed; the present one stays in use')
    }
  }
  const timer = setInterval(() => void look(engine.log), checkEveryMs).unref()
  return { stop: () => clearInterval(timer) }
}

function broughtCredentials(certificateFile: string, keyFile: string): TlsCredentials {
  const credentials = {
    certificatePem: readFile(certificateFile, '--tls-cert'),
    privateKeyPem: readFile(keyFile, '--tls-key'),
  }
  try {
    createSecureContext({ cert: credentials.certificatePem, key: credentials.privateKeyPem })
  } catch (error) {
    // OpenSSL's text may quote what it read, and one of the files is a private key.
    throw new StartError(
      `${certificateFile} and ${keyFile} are not a certificate and its private key, both in PEM (--tls-cert, --tls-key)`,
      { cause: error },
    )
  }
  return credentials
}

function readFile(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new StartError(`${file} cannot be read (${code}; ${flag})`, { cause: error })
  }
}

/** What the HTTPS listener is reached by, as far as this machine can know, and the names the operator added. */
function ownNames({ tlsListen, clientauthListen, publicUrl, tlsNames }: Configuration): readonly string[] {
  const publicHost = new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')
  const bound = [tlsListen, ...(clientauthListen === undefined ? [] : [clientauthListen])].flatMap(
    ({ host }) => (isWildcard(host) ? [] : [host]),
  )
  const machine = hostname().toLowerCase()
  return [
    ...new Set([
      'localhost',
      '127.0.0.1',
      '::1',
      ...(isHostName(machine) ? [machine] : []),
      ...bound,
      publicHost,
      // Where clients with certificates look for the other listener when it has a name of its own.
      ...(isIP(publicHost) === 0 && isHostName(`clientauth.${publicHost}`)
        ? [`clientauth.${publicHost}`]
        : []),
      ...tlsNames,
    ]),
  ]
}

/** Machines may be called what no certificate may hold. */
function isHostName(name: string): boolean {
  const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
  return (
    name.length <= 253 &&
    name.split('.').every((part) => label.test(part) && !part.startsWith('xn--') && part.slice(2, 4) !== '--')
  )
}
