import { Fault } from '../faults.ts'
import {
  type MailGeneration,
  type MailType,
  type MailUsage,
  mailProfileId,
} from '../profiles/certcentral/smime.ts'
import type { LeafProfile } from '../profiles/profile.ts'
import { leafProfiles } from '../profiles/profiles.ts'
import type { Product } from './product.ts'

/** What an order may choose about the purposes of its certificate. */
export interface ProfileChoice {
  /** `profile_option` of the API; absent: the server alone. */
  readonly option?: string
  /** How strict an S/MIME certificate is; absent: the product's own. */
  readonly generation?: MailGeneration
  /** What the key of an S/MIME certificate does; absent: the product's own. */
  readonly usage?: MailUsage
}

/** Options that orders of servers have, and what they add to the id of a profile. */
const serverOptions: ReadonlyMap<string, string> = new Map([
  ['server_auth_only_eku', ''],
  ['server_client_auth_eku', '-client'],
])
const privateServerOptions: ReadonlyMap<string, string> = new Map([
  ...serverOptions,
  ['kdc_smart_card', '-domain-controller'],
])
const none: ReadonlyMap<string, string> = new Map()

/** Values of `profile_option` that a product takes. */
export function profileOptions(product: Product): readonly string[] {
  return [...optionsOf(product).keys()]
}

/**
 * The profile of an order's certificates.
 * @param parameter the option came in, in the face's own spelling
 * @throws Fault parameter_invalid for an option the product does not have
 */
export function chooseProfile(product: Product, choice: ProfileChoice, parameter: string): LeafProfile {
  const suffix = suffixOf(product, choice.option, parameter)
  const profile = leafProfiles.get(mailId(product, choice) ?? product.profiles + suffix)
  if (profile === undefined) throw new RangeError(`product ${product.nameId} names no profile`)
  return profile
}

function optionsOf({ profiles }: Product): ReadonlyMap<string, string> {
  switch (profiles) {
    case 'tls-dv':
    case 'tls-ov':
    case 'tls-ev':
      return serverOptions
    case 'private-tls':
      return privateServerOptions
    default:
      return none
  }
}

function suffixOf(product: Product, option: string | undefined, parameter: string): string {
  const suffix = option === undefined ? '' : optionsOf(product).get(option)
  if (suffix === undefined) {
    const known = profileOptions(product).join(', ')
    const reason = `${product.nameId} has ${known === '' ? 'no profile options' : `the profile options ${known}`}`
    throw new Fault('parameter_invalid', { parameter, reason })
  }
  return suffix
}

/** Products of the older lines log people in as well, so they are not strict unless the order says so. */
const mailDefaults: Partial<
  Record<Product['profiles'], { readonly type: MailType; readonly usage: MailUsage }>
> = {
  'smime-mailbox': { type: 'mailbox', usage: 'dual-use' },
  'smime-organization': { type: 'organization', usage: 'dual-use' },
  'smime-sponsor': { type: 'sponsor', usage: 'dual-use' },
  'smime-signature': { type: 'sponsor', usage: 'signing' },
}

function mailId(product: Product, { generation, usage }: ProfileChoice): string | undefined {
  const defaults = mailDefaults[product.profiles]
  if (defaults === undefined) return undefined
  const usual = product.group === 'secure_email_certificate' ? 'strict' : 'multipurpose'
  return mailProfileId(defaults.type, generation ?? usual, usage ?? defaults.usage)
}
