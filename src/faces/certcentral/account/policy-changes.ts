import { paymentMethods } from '../../../core/identity/account-policy.ts'
import type { PolicyChanges } from '../../../core/identity/change-policy.ts'
import { isCountryCode } from '../../../core/policy/names/country-codes.ts'
import { products } from '../../../core/products/catalogue.ts'
import { readDomainNames } from '../domain-names.ts'
import type { Reader } from '../reader.ts'

const approvals = ['none', 'one', 'two'] as const

/** The switches in a body, under the names that `GET /account` shows them by. What is absent stays as it is. */
export function readPolicyChanges(body: Reader): PolicyChanges {
  const steps = body.integer('approval_steps', 0, 2)
  const transparency = body.choice('cert_transparency', ['embed', 'off'])
  const organization = body.integer('primary_organization_id')
  const email = body.email('rep_email')
  const country = readCountry(body)
  return {
    ...(steps !== undefined && { approvals: approvals[steps] ?? 'one' }),
    ...(transparency !== undefined && { certificateTransparency: transparency === 'embed' }),
    ...(organization !== undefined && { primaryOrganizationId: organization === 0 ? null : organization }),
    ...(email !== undefined && { representativeEmail: email }),
    ...(country !== undefined && { defaultCountry: country }),
    ...flagChanges(body),
    ...textChanges(body),
    ...(body.has('payment_methods') && { paymentMethods: readMethods(body) }),
    ...(body.has('disabled_products') && { disabledProducts: readProducts(body) }),
    ...(body.has('protected_domains') && { protectedNames: readDomainNames(body, 'protected_domains') }),
  }
}

const flags = {
  ct_choice_per_order: 'ctChoicePerOrder',
  private_ca_enabled: 'privateCa',
  private_ca_default: 'privateCaDefault',
  domain_locking_enabled: 'domainLocking',
  caa_required: 'caaRequired',
  revoke_order_with_its_certificate: 'revokesOrderWithItsCertificate',
  custom_expiration_dates: 'customExpirationDates',
} as const satisfies Record<string, keyof PolicyChanges>

function flagChanges(body: Reader): PolicyChanges {
  return Object.fromEntries(
    Object.entries(flags).flatMap(([name, member]) => {
      const value = body.flag(name)
      return value === undefined ? [] : [[member, value]]
    }),
  )
}

const texts = {
  rep_name: 'representativeName',
  rep_phone: 'representativePhone',
} as const satisfies Record<string, keyof PolicyChanges>

function textChanges(body: Reader): PolicyChanges {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, member]) => {
      const value = body.text(name)
      return value === undefined ? [] : [[member, value]]
    }),
  )
}

/** A country of ISO 3166-1, in any letter case. */
function readCountry(body: Reader): string | undefined {
  const country = body.text('default_country')?.toLowerCase()
  if (country === undefined || isCountryCode(country.toUpperCase())) return country
  body.complain('invalid_value', 'default_country')
  return undefined
}

function readProducts(body: Reader): readonly string[] {
  const names = body.texts('disabled_products').map((text) => text.toLowerCase())
  for (const [place, name] of names.entries()) {
    const isKnown = products.some(({ nameId }) => nameId === name)
    if (!isKnown) body.complain('invalid_value', `disabled_products.${place}`)
  }
  return [...new Set(names)]
}

function readMethods(body: Reader): NonNullable<PolicyChanges['paymentMethods']> {
  return body.texts('payment_methods').flatMap((text, place) => {
    const method = paymentMethods.find((each) => each === text)
    if (method === undefined) body.complain('invalid_value', `payment_methods.${place}`)
    return method === undefined ? [] : [method]
  })
}
