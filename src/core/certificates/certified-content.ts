import type { GeneralName } from '../../pki/general-names.ts'
import { encodeName } from '../../pki/names.ts'
import { oids } from '../../pki/oids.ts'
import type { Issuer } from '../authorities/issuer.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { checkAlternativeNames, checkNameConstraints } from '../policy/names/alternative-names.ts'
import { nameRules } from '../policy/names/name-rules.ts'
import {
  type AttributeRequest,
  checkCommonName,
  checkSubject,
  commonNameText,
} from '../policy/names/subject.ts'
import type { LeafProfile } from '../profiles/profile.ts'
import { orderSubject } from '../profiles/subject.ts'
import type { IssueRequest } from './issue-request.ts'
import { namesOfRequest } from './requested-names.ts'
import type { SubscriberKey } from './subscriber-key.ts'

/** RFC 5280 appendix A.1 */
const LONGEST_COMMON_NAME = 64

/** What the certificate says about its subject, in its normal form. */
export interface Content {
  readonly names: readonly GeneralName[]
  readonly subjectDer: Uint8Array
  /** For lists: the common name, or the first name. */
  readonly name: string
}

/**
 * Holds names and subject of a request against profile, grants and constraints of the CA.
 *
 * @param key only its request counts, for names that are to be taken from there
 * @throws Fault every code about names and subjects
 */
export function contentOf(
  engine: Pick<Engine, 'settings'>,
  issuer: Issuer,
  profile: LeafProfile,
  request: Pick<IssueRequest, 'names' | 'subject'>,
  key: Pick<SubscriberKey, 'request'>,
): Content {
  const rules = nameRules(profile, issuer.authority.grants, issuer.nameConstraints, {
    alternativeNames: engine.settings.maximumNames,
    labels: 10,
  })
  const asked =
    request.names !== 'from-request'
      ? request.names
      : key.request === undefined
        ? []
        : namesOfRequest(key.request)
  const names = checkAlternativeNames(asked, rules)
  const given = checkSubject(request.subject, profile.subjectAttributes)
  const subject = orderSubject(withCommonName(profile, given, names), profile.subjectAttributes)
  const subjectDer = encodeName(subject)
  if (subject.length === 0 && names.length === 0) throw new Fault('names_missing', {})
  checkNameConstraints(names, subjectDer, rules, () => asked[0]?.parameter ?? 'names')
  const [first] = names
  const commonName = subject.find((attribute) => attribute.type === oids.commonName)?.value
  return { names, subjectDer, name: commonName ?? (first === undefined ? '' : displayName(first)) }
}

/** A common name among the names: as asked for, or the first that fits. Elsewhere as the caller wrote it. */
function withCommonName(
  profile: LeafProfile,
  given: readonly AttributeRequest[],
  names: readonly GeneralName[],
): readonly AttributeRequest[] {
  if (profile.commonName === 'free') return given
  const asked = given.find((attribute) => attribute.type === oids.commonName)
  const others = given.filter((attribute) => attribute !== asked)
  const value =
    asked === undefined
      ? names.map(commonNameText).find((text) => text !== undefined && text.length <= LONGEST_COMMON_NAME)
      : checkCommonName(asked, names)
  return value === undefined ? others : [...others, { type: oids.commonName, value, parameter: 'commonName' }]
}

function displayName(name: GeneralName): string {
  return commonNameText(name) ?? ('value' in name && typeof name.value === 'string' ? name.value : '')
}
