import { parseIpAddress } from '../../pki/ip-addresses.ts'
import { registrableDomain } from '../policy/names/internal-names.ts'
import { baseOf } from '../validation/methods.ts'
import type { ValidationMethod } from './domain.ts'
import { namesAbove } from './find-domains.ts'

/** Whether control is proven of each host name itself or of the registered domain above it; null: unsaid. */
export type ControlScope = 'base_domain' | 'fqdn' | null

/**
 * Where the proof for a name is looked for, in this order. A file speaks for its host alone. Mails go to the registered
 * domain unless the name itself was asked for, because hosts seldom have mailboxes.
 */
export function controlPlaces(
  method: ValidationMethod,
  name: string,
  scope: ControlScope,
): readonly [string, ...string[]] {
  const base = baseOf(name)
  if (method === 'http-token' || scope === 'fqdn' || parseIpAddress(base) !== undefined) return [base]
  const registered = registrableDomain(base)
  if (method === 'email' || scope === 'base_domain' || registered === base) return [registered]
  return [base, registered]
}

/** The domains whose mailboxes may approve for a name: itself and those above it, down to the registered one. */
export function approvingDomains(name: string): readonly string[] {
  const registered = registrableDomain(baseOf(name))
  return namesAbove(name).filter((above) => above === registered || above.endsWith(`.${registered}`))
}
