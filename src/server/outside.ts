import { getServers } from 'node:dns'
import { join } from 'node:path'
import type { Environment } from '../core/environment.ts'
import type { Mailer } from '../core/validation/outbound.ts'
import type { Outside } from '../core/validation/outside.ts'
import { addressGuard } from '../net/address-guard.ts'
import { DnsClient } from '../net/dns-client.ts'
import { GuardedHttp } from '../net/guarded-http.ts'
import { OutboxMailer, SmtpMailer } from '../net/mail-out.ts'
import { parseIpAddress } from '../pki/ip-addresses.ts'
import { parseResolverAddress, type ResolverAddress } from './configuration/address.ts'
import type { Configuration } from './configuration/configuration.ts'
import type { DataFolder } from './data-folder.ts'

/** The way out of one process, as configured: DNS, HTTP through the guard, and mail. */
export function openOutside(
  configuration: Configuration,
  folder: DataFolder,
  environment: Pick<Environment, 'clock' | 'random' | 'log'>,
): Outside {
  const { resolvers, outboundAllow, dcvHttpPort, publicUrl, cnameTarget } = configuration
  const resolver = new DnsClient({
    servers: resolvers.length > 0 ? resolvers : systemResolvers(),
    isTrusted: resolvers.length > 0,
  })
  const { listen, tlsListen, clientauthListen, metricsListen } = configuration
  const ownListeners = [listen, tlsListen, clientauthListen, metricsListen]
    .filter((listener) => listener !== undefined)
    .filter(({ port }) => port !== 0)
  const guard = addressGuard({ allowed: outboundAllow, ownListeners })
  const http = new GuardedHttp({ resolver, guard, otherPorts: [dcvHttpPort] })
  const { hostname } = new URL(publicUrl)
  return {
    perspectives: { primary: { name: 'primary', resolver, http }, remotes: [] },
    mailer: openMailer(configuration, folder, environment, hostname),
    notifier: http,
    cnameTarget,
    httpPort: dcvHttpPort,
    caaIdentities: caaIdentitiesOf(configuration, hostname),
  }
}

/** Without a name of its own a CA is known by the host of its public URL; an address is no name. */
function caaIdentitiesOf({ caaIdentities }: Configuration, hostname: string): readonly string[] {
  if (caaIdentities.length > 0) return caaIdentities
  return parseIpAddress(hostname.replace(/^\[|\]$/g, '')) === undefined ? [hostname.toLowerCase()] : []
}

function openMailer(
  { smtpUrl, mailFrom }: Configuration,
  folder: DataFolder,
  environment: Pick<Environment, 'clock' | 'random' | 'log'>,
  hostname: string,
): Mailer {
  const from = mailFrom ?? `chancery@${hostname}`
  if (smtpUrl !== undefined) return new SmtpMailer({ url: smtpUrl, from })
  return new OutboxMailer({ folder: join(folder.path, 'outbox'), from, environment })
}

/** The machine's own; on one that names none, the resolver that usually listens on it. */
function systemResolvers(): readonly ResolverAddress[] {
  const named = getServers().flatMap((text) => parseResolverAddress(text) ?? [])
  return named.length > 0 ? named : [{ address: '127.0.0.1', port: 53 }]
}
