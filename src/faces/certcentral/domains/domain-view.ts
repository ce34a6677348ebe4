import type { Instant } from '../../../core/brand.ts'
import type { Domain, RandomValue } from '../../../core/domains/domain.ts'
import { isLockInForce } from '../../../core/domains/foreign-locks.ts'
import type { AroundDomains } from '../../../core/domains/list-domains.ts'
import type { Engine } from '../../../core/engine.ts'
import type { Organization, ValidationType } from '../../../core/organizations/organization.ts'
import { registrableDomain } from '../../../core/policy/names/internal-names.ts'
import { usableUntil } from '../../../core/validation/dated-rules.ts'
import { aliasTarget } from '../alias-target.ts'
import { displayNameOf, validationTexts, verifiedUsersView } from '../organizations/organization-view.ts'
import { dateTime, dateTimeOrAbsent, day } from '../render.ts'
import type { Members } from '../reply.ts'

type Viewed = Pick<Engine, 'clock' | 'outside'>

export interface DomainViewOptions extends AroundDomains {
  readonly engine: Viewed
  readonly now: Instant
  readonly includesValidation: boolean
  /** With the random value. */
  readonly includesControl: boolean
  /** Ends of proofs as times rather than days. */
  readonly showsTimes: boolean
}

export type ControlState = 'pending' | 'complete' | 'expired'

/** Whether control is proven by the rules for public TLS of now, which are the strictest. */
export function controlState({ evidence }: Pick<Domain, 'evidence'>, now: Instant): ControlState {
  if (evidence === null) return 'pending'
  return now < usableUntil(evidence, 'public-tls', now) ? 'complete' : 'expired'
}

/** The first instant at which the proof counts for public TLS no more; null while there is none. */
export function controlEnd({ evidence }: Pick<Domain, 'evidence'>, now: Instant): Instant | null {
  if (evidence === null) return null
  const end = usableUntil(evidence, 'public-tls', now)
  return Number.isFinite(end) ? end : evidence.at
}

/** A domain in a list. */
export function domainView(domain: Domain, options: DomainViewOptions): Members {
  const { now } = options
  const container = options.containers.get(domain.containerId)
  const organization = options.organizations.get(domain.organizationId)
  return {
    id: domain.id,
    is_active: domain.isActive,
    name: domain.name,
    date_created: dateTime(domain.createdAt),
    last_submitted_datetime: dateTime(domain.submittedAt),
    dcv_approval_datetime: dateTimeOrAbsent(domain.evidence?.at ?? null),
    organization: organization === undefined ? undefined : ownerView(organization),
    validations: options.includesValidation ? validationViews(domain, now) : undefined,
    dcv_method: domain.method,
    dcv_expiration: endsOf(domain, options),
    dcv_token:
      options.includesControl && domain.method !== 'email' && domain.randomValue !== null
        ? tokenView(options.engine, domain, domain.randomValue)
        : undefined,
    container:
      container === undefined
        ? undefined
        : {
            ...{ id: container.id, parent_id: container.parentId ?? 0 },
            ...{ name: container.name, is_active: container.isActive },
          },
    base_domain: registrableDomain(domain.name),
  }
}

/** A domain by itself. */
export function domainInfo(domain: Domain, options: DomainViewOptions): Members {
  const { now, includesValidation } = options
  const state = controlState(domain, now)
  const organization = options.organizations.get(domain.organizationId)
  return {
    ...domainView(domain, options),
    validations: includesValidation ? validationViews(domain, now, organization) : undefined,
    status: state === 'complete' ? 'approved' : 'pending',
    is_pending_validation: state !== 'complete',
    dcv_expiration_datetime: dateTimeOrAbsent(controlEnd(domain, now)),
    domain_locking_status: lockStatus(domain, now),
    account_token: domain.locking?.token,
  }
}

/**
 * The types a domain was submitted for; its control decides on all of them.
 * @param organization the one of the domain, to show whom it is verified with; undefined: they are left out
 */
export function validationViews(
  domain: Domain,
  now: Instant,
  organization?: Pick<Organization, 'validations'>,
): readonly Members[] {
  const state = controlState(domain, now)
  return domain.validations.map(({ type, createdAt }) => ({
    type,
    ...validationTexts[type],
    date_created: dateTime(createdAt),
    validated_until: dateTimeOrAbsent(controlEnd(domain, now)),
    status: state === 'complete' ? 'active' : state,
    dcv_status: state,
    verified_users: verifiedUsersView(organization?.validations.find((each) => each.type === type)),
  }))
}

/** A random value: `active` once it was found, `expired` when it cannot be any more. */
export function tokenView(
  engine: Viewed,
  { evidence, method }: Pick<Domain, 'evidence' | 'method'>,
  { value, expiresAt }: RandomValue,
): Members {
  const isFound = evidence?.value === value
  return {
    token: value,
    status: isFound ? 'active' : engine.clock.now() < expiresAt ? 'pending' : 'expired',
    expiration_date: dateTime(expiresAt),
    ...aliasTarget(engine, method),
  }
}

/** A lock counts while control is proven; it waits for that again afterwards. */
function lockStatus(domain: Domain, now: Instant): string {
  const status = domain.locking?.status ?? 'disabled'
  return status === 'enabled' && !isLockInForce(domain, now) ? 'pending' : status
}

function endsOf(domain: Domain, { now, showsTimes }: DomainViewOptions): Members | undefined {
  const end = controlEnd(domain, now)
  const types = domain.validations.map(({ type }) => type).filter(isDated)
  if (end === null || types.length === 0) return undefined
  return Object.fromEntries(types.map((type) => [type, showsTimes ? dateTime(end) : day(end)]))
}

function isDated(type: ValidationType): type is 'ov' | 'ev' {
  return type === 'ov' || type === 'ev'
}

/** The API writes the flag as a text here. */
function ownerView(organization: Organization): Members {
  return {
    id: organization.id,
    status: organization.isActive ? 'active' : 'inactive',
    name: organization.name,
    display_name: displayNameOf(organization),
    is_active: organization.isActive ? '1' : '0',
  }
}
