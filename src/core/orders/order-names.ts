import { parseIpAddress } from '../../pki/ip-addresses.ts'
import type { Issuer } from '../authorities/issuer.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { Step } from '../faults-together.ts'
import { checkAlternativeNames } from '../policy/names/alternative-names.ts'
import { hasControlCharacter } from '../policy/names/control-characters.ts'
import type { NameRequest } from '../policy/names/name-request.ts'
import { type NameRules, nameRules } from '../policy/names/name-rules.ts'
import { commonNameText } from '../policy/names/subject.ts'
import { checkNameCount } from '../products/names/check-count.ts'
import { checkInternalNames } from '../products/names/check-internal.ts'
import { checkOrganizationUnits } from '../products/names/check-organization-units.ts'
import { checkWildcardBase } from '../products/names/check-wildcard-base.ts'
import { checkWildcards } from '../products/names/check-wildcards.ts'
import type { OrderName } from '../products/names/order-name.ts'
import { withFreeTwin } from '../products/names/www-twin.ts'
import type { Product } from '../products/product.ts'
import type { LeafProfile } from '../profiles/profile.ts'
import { parameters } from './certificate-subject.ts'

/** RFC 5280 appendix A.1. */
const LONGEST_COMMON_NAME = 64
/** Beyond this many nobody looks which of them are the same. */
const MOST_WRITTEN = 1_000

/** Names as a caller wrote them. */
export interface WrittenNames {
  /** Empty where the product takes none. */
  readonly commonName: string
  readonly dnsNames: readonly string[]
  readonly emails: readonly string[]
  readonly organizationUnits: readonly string[]
}

/** Names as they are ordered: in normal form, each once, the common name first among those of hosts. */
export type OrderedNames = Pick<WrittenNames, 'commonName' | 'dnsNames' | 'emails'>

/** By what names are judged: CA and profile that will certify them. */
export interface NamingRules {
  readonly product: Product
  readonly profile: LeafProfile
  readonly issuer: Issuer
}

/**
 * Judges the names of an order, and tells what is ordered: with the free twin where the product gives it.
 * @throws Fault, or Faults when several things are wrong: name_refused, names_internal, product_names_exceeded,
 *   wildcard_foreign_name
 */
export function orderedNames(
  engine: Pick<Engine, 'settings'>,
  written: WrittenNames,
  { product, profile, issuer }: NamingRules,
): OrderedNames {
  const rules = nameRules(profile, issuer.authority.grants, issuer.nameConstraints, {
    alternativeNames: engine.settings.maximumNames,
    labels: 10,
  })
  const step = new Step()
  for (const [place, value] of written.organizationUnits.entries()) {
    const parameter = parameters.organizationUnit(place)
    step.check(() => checkOrganizationUnits([{ value, parameter }]))
  }
  const names = namesOf(step, written, product, rules)
  if (step.isSound) {
    for (const check of [checkNameCount, checkWildcards, checkWildcardBase, checkInternalNames]) {
      step.check(() => check(product, names))
    }
  }
  step.end()
  const values = names.map(({ value }) => value)
  const hosts = product.names.of === 'hosts'
  return {
    commonName: hosts ? (values[0] ?? '') : written.commonName.normalize('NFC'),
    dnsNames: hosts ? values : [],
    emails: product.names.of === 'emails' ? values : [],
  }
}

function namesOf(
  step: Step,
  { commonName, dnsNames, emails }: WrittenNames,
  { names: rule, subject }: Product,
  rules: NameRules,
): readonly OrderName[] {
  const count = dnsNames.length + emails.length
  if (rule.of !== 'nothing' && count > MOST_WRITTEN) {
    step.check(() => {
      throw new Fault('product_names_exceeded', { count, maximum: rule.maximum })
    })
    return []
  }
  if (subject !== 'mailbox') step.check(() => checkCommonName(commonName))
  switch (rule.of) {
    case 'hosts': {
      const requests = [
        { value: commonName, parameter: parameters.commonName },
        ...dnsNames.map((value, place) => ({ value, parameter: parameters.dnsName(place) })),
      ].map((name) => ({ ...name, type: hostType(name.value) }))
      return withFreeTwin(rule, normalNames(step, requests, rules))
    }
    case 'emails': {
      const requests = emails.map(
        (value, place): NameRequest => ({ type: 'email', value, parameter: parameters.email(place) }),
      )
      return normalNames(step, requests, rules)
    }
    case 'nothing':
      return []
  }
}

const hostType = (value: string): NameRequest['type'] => (parseIpAddress(value) === undefined ? 'dns' : 'ip')

/** @throws Fault name_refused */
function checkCommonName(value: string): void {
  const refuse = (defect: 'too-long' | 'control-character') =>
    new Fault('name_refused', { parameter: parameters.commonName, value: value.slice(0, 253), defect })
  if (value.length > LONGEST_COMMON_NAME * 2 || [...value].length > LONGEST_COMMON_NAME)
    throw refuse('too-long')
  if (hasControlCharacter(value)) throw refuse('control-character')
}

/** Each name in its normal form, once. */
function normalNames(step: Step, requests: readonly NameRequest[], rules: NameRules): readonly OrderName[] {
  const found = new Map<string, OrderName>()
  for (const request of requests) {
    const value = step.check(() => normalName(request, rules))
    if (value !== undefined && !found.has(value)) {
      found.set(value, { value, parameter: request.parameter })
    }
  }
  return [...found.values()]
}

/** @throws Fault name_refused */
function normalName(request: NameRequest, rules: NameRules): string | undefined {
  const [name] = checkAlternativeNames([request], rules)
  if (name === undefined) return undefined
  return name.type === 'email' ? name.value : commonNameText(name)
}
