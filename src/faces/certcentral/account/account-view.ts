import type { AccountRecord } from '../../../core/accounts/account.ts'
import { formatCents } from '../../../core/finance/money.ts'
import type { AccountPolicy } from '../../../core/identity/account-policy.ts'
import type { Organization } from '../../../core/organizations/organization.ts'
import { textOrAbsent } from '../render.ts'
import type { Members } from '../reply.ts'

/** What an account has beside its policy. */
export interface AccountFacts {
  /** The one its policy names, else its first one. */
  readonly primaryOrganization: Organization | undefined
  /** Whether there is an AuthKey without an end. */
  readonly hasAuthKey: boolean
}

/** An account as its users see it; then the switches of ours that the API has no words for. */
export function accountView(
  account: AccountRecord,
  policy: AccountPolicy,
  { primaryOrganization, hasAuthKey }: AccountFacts,
): Members {
  return {
    id: account.id,
    primary_organization_id: primaryOrganization?.id,
    primary_organization_name: primaryOrganization?.name,
    primary_organization_country: primaryOrganization?.country,
    make_renewal_calls: false,
    express_install_enabled: false,
    display_rep: policy.representativeName !== '',
    rep_name: policy.representativeName,
    rep_phone: textOrAbsent(policy.representativePhone),
    rep_email: textOrAbsent(policy.representativeEmail),
    admin_email: account.email,
    balance_negative_limit: policy.creditLimit === null ? undefined : formatCents(policy.creditLimit),
    root_container_id: policy.rootContainerId,
    cert_transparency: policy.certificateTransparency ? 'embed' : 'off',
    cert_central_type: 'retail',
    billing_account_id: account.id,
    billing_account_name: account.name,
    language_id: 1,
    migrated: false,
    has_auth_key: hasAuthKey,
    ent_support_plan: false,
    default_country: policy.defaultCountry,
    pricing_model: 'flat',
    approval_steps: approvalCount[policy.approvals],
    ct_choice_per_order: policy.ctChoicePerOrder,
    private_ca_enabled: policy.privateCa,
    private_ca_default: policy.privateCaDefault,
    domain_locking_enabled: policy.domainLocking,
    caa_required: policy.caaRequired,
    payment_methods: policy.paymentMethods,
    disabled_products: policy.disabledProducts,
    protected_domains: policy.protectedNames,
    revoke_order_with_its_certificate: policy.revokesOrderWithItsCertificate,
    custom_expiration_dates: policy.customExpirationDates,
  }
}

const approvalCount = { none: 0, one: 1, two: 2 } as const
