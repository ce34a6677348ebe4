import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { lint } from './lint.ts'
import { lintCrl } from './lint-crl.ts'
import { lintOcspResponse } from './lint-ocsp-response.ts'
import type { Finding } from './rule.ts'
import { allRules } from './rules.ts'

const corpora = process.env.CHANCERY_CORPORA ?? '../shared/corpora'
const corporaMissing = existsSync(corpora) ? false : `no test corpora at ${corpora}: set CHANCERY_CORPORA`

/**
 * Which of our rules speak of the defect that a named lint of the public corpus looks for; one of them has to be
 * found in each of its samples.
 */
const rulesOfLint: Readonly<Record<string, readonly string[]>> = {
  // Encoding and fields of tbsCertificate
  e_basic_constr_invalid_der: ['extension-well-formed'],
  e_cert_contains_unique_identifier: ['no-unique-identifiers'],
  e_cert_extensions_version_not_3: ['version-3'],
  e_cert_unique_identifier_version_not_2_or_3: ['no-unique-identifiers'],
  e_generalized_time_not_in_zulu: ['time-encoding'],
  e_incorrect_ku_encoding: ['extension-well-formed'],
  e_invalid_certificate_version: ['version-3', 'tls-version-3'],
  e_issuer_field_empty: ['issuer-present'],
  e_serial_number_longer_than_20_octets: ['serial-number-length'],
  e_serial_number_not_positive: ['serial-number-positive'],
  e_wrong_time_format_pre2050: ['time-encoding'],

  // Algorithms and keys
  e_algorithm_identifier_improper_encoding: [
    'web-key-algorithm',
    'rsa-key-null-parameters',
    'key-well-formed',
  ],
  e_br_prohibit_dsa_usage: ['web-key-algorithm', 'tls-signature-algorithm'],
  e_prohibit_dsa_usage: ['web-key-algorithm', 'tls-signature-algorithm'],
  e_cs_ecdsa_prohibited_curve: ['web-key-curve'],
  e_cs_signature_algorithm_not_supported: ['code-signing-signature-algorithm'],
  e_invalid_legacy_spki_algoid: ['web-key-algorithm'],
  e_mp_ecdsa_signature_encoding_correct: ['ecdsa-digest-fits-curve'],
  e_mp_exponent_cannot_be_one: ['rsa-exponent'],
  e_mp_modulus_must_be_2048_bits_or_more: ['rsa-modulus-size'],
  'e_mp_rsassa-pss_in_spki': ['web-key-algorithm'],
  'e_mp_rsassa-pss_parameters_encoding_in_signature_algorithm_correct': ['signature-algorithm-encoding'],
  e_old_root_ca_rsa_mod_less_than_2048_bits: ['rsa-modulus-size'],
  e_old_sub_ca_rsa_mod_less_than_1024_bits: ['rsa-modulus-size'],
  e_old_sub_cert_rsa_mod_less_than_1024_bits: ['rsa-modulus-size'],
  e_rsa_fermat_factorization: ['rsa-weak'],
  e_rsa_public_exponent_not_odd: ['rsa-exponent'],
  e_signature_algorithm_not_supported: ['signature-digest', 'tls-signature-algorithm'],
  e_spki_rsa_encryption_parameter_not_null: ['rsa-key-null-parameters'],
  e_tbs_signature_rsa_encryption_parameter_not_null: ['rsa-signature-null-parameters'],

  // Subject: encoding and bounds
  e_ca_subject_field_empty: ['ca-subject-present'],
  e_issuer_dn_country_not_printable_string: ['issuer-country-printable'],
  e_subj_contains_html_entities: ['subject-html-entity'],
  e_subj_country_not_uppercase: ['country-upper-case'],
  e_subj_email_not_in_san: ['subject-email-among-names'],
  e_subject_dn_country_not_printable_string: ['subject-country-printable'],
  e_subject_dn_serial_number_max_length: ['serial-number-attribute-length'],
  e_subject_email_max_length: ['email-length'],
  e_subject_empty_without_san: ['subject-or-alternative-name'],
  e_subject_locality_name_max_length: ['locality-length'],
  e_subject_organization_name_max_length: ['organization-length'],
  e_subject_postal_code_max_length: ['postal-code-length'],
  e_subject_printable_string_badalpha: ['subject-string-alphabet'],
  e_subject_state_name_max_length: ['state-length'],
  e_subject_street_address_max_length: ['street-length'],
  e_utf8_latin1_mixup: ['subject-mojibake'],

  // Subject: what servers may say
  e_ca_country_name_invalid: ['ca-country-assigned'],
  e_ca_country_name_missing: ['ca-country-present'],
  e_ca_organization_name_missing: ['ca-organization-present'],
  e_cab_dv_conflicts_with_locality: ['domain-validated-subject'],
  e_cab_dv_conflicts_with_postal: ['domain-validated-subject'],
  e_cab_dv_conflicts_with_province: ['domain-validated-subject'],
  e_cab_dv_conflicts_with_street: ['domain-validated-subject'],
  e_cab_dv_subject_invalid_values: ['domain-validated-subject'],
  e_cab_iv_requires_personal_name: ['individual-validated-name'],
  e_cab_iv_requires_personal_name_strict: ['individual-validated-name'],
  e_cab_ov_requires_org: ['organization-validated-organization'],
  e_cert_policy_iv_requires_country: ['individual-validated-country'],
  e_cert_policy_iv_requires_province_or_locality: ['validated-place'],
  e_cert_policy_ov_requires_country: ['organization-validated-country'],
  e_cert_policy_ov_requires_province_or_locality: ['validated-place'],
  e_duplicate_subject_attribs: ['tls-subject-attributes-unique'],
  e_invalid_subject_rdn_order: ['tls-subject-order'],
  e_organizational_unit_name_prohibited: ['tls-no-organizational-unit'],
  e_state_or_province_name_must_not_contain_control_characters: ['tls-subject-place-characters'],
  e_sub_cert_given_name_surname_contains_correct_policy: ['personal-name-policy'],
  e_sub_cert_locality_name_must_appear: ['identity-place', 'validated-place'],
  e_sub_cert_locality_name_must_not_appear: ['locality-needs-identity'],
  e_sub_cert_postal_code_must_not_appear: ['postal-code-needs-identity'],
  e_sub_cert_province_must_appear: ['identity-place', 'validated-place'],
  e_sub_cert_province_must_not_appear: ['state-needs-identity'],
  e_sub_cert_street_address_should_not_exist: ['street-needs-identity'],
  e_subject_common_name_not_exactly_from_san: ['tls-common-name-among-names'],
  e_subject_common_name_not_from_san: ['tls-common-name-among-names'],
  e_subject_contains_noninformational_value: ['tls-subject-informational'],
  e_subject_contains_reserved_arpa_ip: ['tls-no-arpa-name'],
  e_subject_contains_reserved_ip: ['tls-common-name-address-not-reserved'],
  e_subject_country_not_iso: ['tls-country-assigned'],
  e_subject_rdns_correct_encoding: ['tls-subject-encoding'],

  // Alternative names
  e_arpa_domain_not_allowed: ['tls-no-arpa-name'],
  e_dnsname_bad_character_in_label: ['subject-dns-name-syntax'],
  e_dnsname_contains_bare_iana_suffix: ['tls-name-public'],
  e_dnsname_contains_prohibited_reserved_label: ['tls-reserved-label'],
  e_dnsname_hyphen_in_sld: ['subject-dns-name-syntax'],
  e_dnsname_label_too_long: ['subject-dns-name-syntax'],
  e_dnsname_left_label_wildcard_correct: ['subject-dns-name-wildcard'],
  e_dnsname_underscore_in_sld: ['subject-dns-name-underscore'],
  e_ext_ian_dns_not_ia5_string: ['issuer-name-ia5'],
  e_ext_ian_rfc822_format_invalid: ['issuer-email-syntax'],
  e_ext_ian_space_dns_name: ['issuer-dns-name-syntax'],
  e_ext_ian_uri_host_not_fqdn_or_ip: ['issuer-uri-host', 'issuer-uri-absolute'],
  e_ext_ian_uri_not_ia5: ['issuer-name-ia5'],
  e_ext_ian_uri_relative: ['issuer-uri-absolute'],
  e_ext_san_contains_reserved_ip: ['tls-address-not-reserved'],
  e_ext_san_directory_name_present: ['tls-no-directory-name'],
  e_ext_san_dns_not_ia5_string: ['subject-name-ia5'],
  e_ext_san_edi_party_name_present: ['tls-no-edi-party-name'],
  e_ext_san_empty_name: ['subject-name-not-empty'],
  e_ext_san_missing: ['tls-alternative-names-present'],
  e_ext_san_no_entries: ['subject-alternative-names-not-empty'],
  e_ext_san_other_name_present: ['tls-no-other-name'],
  e_ext_san_registered_id_present: ['tls-no-registered-id-name'],
  e_ext_san_rfc822_name_present: ['tls-no-email-name'],
  e_ext_san_space_dns_name: ['subject-dns-name-syntax'],
  e_ext_san_uniform_resource_identifier_present: ['tls-no-uri-name'],
  e_ext_san_uri_format_invalid: ['subject-uri-absolute'],
  // One sample is a host without a scheme: no absolute URI in the first place.
  e_ext_san_uri_host_not_fqdn_or_ip: ['subject-uri-host', 'subject-uri-absolute'],
  e_ext_san_uri_not_ia5: ['subject-name-ia5'],
  e_ext_san_uri_relative: ['subject-uri-absolute'],
  e_ext_tor_service_descriptor_hash_invalid: ['onion-service-descriptor'],
  e_ian_dns_name_includes_null_char: ['issuer-name-no-control-characters'],
  e_ian_dns_name_starts_with_period: ['issuer-dns-name-syntax'],
  e_ian_wildcard_not_first: ['issuer-dns-name-wildcard'],
  e_international_dns_name_not_nfc: ['subject-dns-name-a-labels'],
  e_international_dns_name_not_unicode: ['subject-dns-name-a-labels'],
  e_no_underscores_before_1_6_2: ['subject-dns-name-underscore'],
  e_rfc_dnsname_hyphen_in_sld: ['subject-dns-name-syntax'],
  e_rfc_dnsname_label_too_long: ['subject-dns-name-syntax'],
  e_rfc_dnsname_underscore_in_sld: ['subject-dns-name-underscore'],
  e_san_dns_name_includes_null_char: ['subject-name-no-control-characters'],
  e_san_dns_name_onion_invalid: ['onion-address', 'onion-version-2-extended-validation'],
  e_san_dns_name_onion_not_ev_cert: ['onion-version-2-extended-validation'],
  e_san_dns_name_starts_with_period: ['subject-dns-name-syntax'],
  e_san_wildcard_not_first: ['subject-dns-name-wildcard'],
  e_underscore_permissible_in_dnsname_if_valid_when_replaced: ['subject-dns-name-underscore'],
  e_underscore_present_with_too_long_validity: ['tls-underscore-validity'],

  // Extensions
  e_aia_ca_issuers_must_have_http_only: ['tls-ca-issuers-http'],
  e_aia_must_contain_permitted_access_method: ['tls-aia-methods'],
  e_aia_ocsp_must_have_http_only: ['tls-ocsp-http'],
  e_aia_unique_access_locations: ['tls-aia-unique'],
  e_crl_distrib_points_not_http: ['tls-crl-http'],
  e_eku_critical: ['tls-purposes-not-critical'],
  e_ext_aia_marked_critical: ['authority-information-access-not-critical'],
  e_ext_authority_key_identifier_critical: ['authority-key-identifier-not-critical'],
  e_ext_authority_key_identifier_no_key_identifier: ['authority-key-identifier-keyid'],
  e_ext_cannot_be_empty_sequence: ['extension-not-empty-sequence'],
  e_ext_cert_policy_disallowed_any_policy_qualifier: ['any-policy-qualifiers'],
  e_ext_cert_policy_duplicate: ['policies-unique'],
  e_ext_cert_policy_explicit_text_ia5_string: ['user-notice-string-type'],
  e_ext_duplicate_extension: ['extensions-unique'],
  e_ext_freshest_crl_marked_critical: ['freshest-crl-not-critical'],
  e_ext_nc_intersects_reserved_ip: ['tls-constraint-address-not-reserved'],
  e_ext_policy_constraints_empty: ['policy-constraints-not-empty'],
  e_ext_policy_constraints_not_critical: ['policy-constraints-critical'],
  e_ext_subject_directory_attr_critical: ['subject-directory-attributes-not-critical'],
  e_invalid_cps_uri: ['cps-uri-http'],
  e_missing_crl_distrib_point: ['tls-revocation-pointer'],
  e_name_constraint_maximum_not_absent: ['name-constraints-no-maximum'],
  e_name_constraint_not_fqdn: ['name-constraints-uri-host'],
  e_path_len_constraint_improperly_included: ['path-length-with-ca'],
  e_path_len_constraint_zero_or_less: ['path-length-not-negative'],
  e_sub_cert_aia_does_not_contain_ocsp_url: ['tls-ocsp-url'],
  e_sub_cert_aia_marked_critical: ['authority-information-access-not-critical'],
  e_sub_cert_aia_missing: ['tls-aia-present'],
  e_sub_cert_basic_constraints_not_critical: ['tls-basic-constraints-critical'],
  e_sub_cert_cert_policy_empty: ['tls-policies-present'],
  e_sub_cert_certificate_policies_missing: ['tls-policies-present'],
  e_sub_cert_crl_distribution_points_does_not_contain_url: ['tls-crl-url'],
  e_sub_cert_crl_distribution_points_marked_critical: ['tls-crl-not-critical'],
  e_sub_cert_eku_check: ['tls-purposes-allowed'],
  e_sub_cert_eku_missing: ['tls-purposes-present'],
  e_sub_cert_not_is_ca: ['tls-not-ca'],

  // Key usage
  e_cabf_ecc_allowed_key_usages: ['tls-ec-key-usage'],
  e_ecdsa_allowed_ku: ['ec-key-usage'],
  e_ext_key_usage_cert_sign_without_ca: ['key-cert-sign-with-ca'],
  e_key_usage_and_extended_key_usage_inconsistent: ['key-usage-fits-purposes'],
  e_rsa_allowed_ku_ca: ['rsa-key-usage'],
  e_rsa_allowed_ku_ee: ['rsa-key-usage'],
  e_rsa_allowed_ku_no_encipherment_ca: ['rsa-ca-no-encipherment'],
  e_sub_cert_key_usage_cert_sign_bit_set: ['tls-key-usage-no-signing-of-certificates'],
  e_sub_cert_key_usage_crl_sign_bit_set: ['tls-key-usage-no-signing-of-certificates'],

  // CAs and responders
  e_ca_aia_non_http_url: ['tls-ca-issuers-http', 'tls-ocsp-http'],
  e_ca_crl_sign_not_set: ['ca-key-usage-crl-sign'],
  e_ca_invalid_eku: ['ca-purposes-compatible'],
  e_ca_is_ca: ['key-cert-sign-with-ca'],
  e_ca_key_cert_sign_not_set: ['ca-key-usage-key-cert-sign'],
  e_ca_key_usage_missing: ['ca-key-usage-present'],
  e_ca_multiple_reserved_policy_oids: ['ca-policies-allowed'],
  e_invalid_ca_certificate_policies: ['ca-policies-allowed'],
  e_ocsp_cert_cdp_forbidden: ['responder-no-crl'],
  e_ocsp_cert_cp_forbidden: ['responder-no-policies'],
  e_ocsp_cert_invalid_ku: ['responder-key-usage'],
  e_ocsp_id_pkix_ocsp_nocheck_ext_not_included_server_auth: ['responder-nocheck'],
  e_root_ca_extended_key_usage_present: ['root-no-purposes'],
  e_root_ca_key_usage_must_be_critical: ['ca-key-usage-critical'],
  e_root_ca_key_usage_present: ['ca-key-usage-present'],
  e_sub_ca_aia_marked_critical: ['authority-information-access-not-critical'],
  e_sub_ca_certificate_policies_missing: ['ca-policies-present'],
  e_sub_ca_crl_distribution_points_does_not_contain_url: ['tls-crl-url'],
  e_sub_ca_crl_distribution_points_marked_critical: ['tls-crl-not-critical'],
  e_sub_ca_crl_distribution_points_missing: ['ca-crl-present'],

  // Validity
  e_cs_max_validity_period_39_months: ['code-signing-validity-39-months'],
  e_cs_max_validity_period_460_days: ['code-signing-validity-460-days'],
  'e_excessively backdated': ['tls-not-backdated'],
  e_onion_subject_validity_time_too_large: ['onion-validity'],
  e_server_cert_valid_time_longer_than_200_days: ['tls-validity-200-days'],
  e_server_cert_valid_time_longer_than_47_days: ['tls-validity-47-days'],
  e_sub_cert_valid_time_longer_than_39_months: ['tls-validity-39-months'],
  e_sub_cert_valid_time_longer_than_825_days: ['tls-validity-825-days'],
  e_tls_server_cert_valid_time_longer_than_398_days: ['tls-validity-398-days'],

  // Extended validation
  e_cabf_org_identifier_psd_vat_has_state: ['organization-identifier-state'],
  e_ev_country_name_missing: ['ev-country-present'],
  e_ev_invalid_orgid_reg_scheme: ['ev-organization-identifier-scheme'],
  e_ev_organization_id_missing: ['ev-organization-identifier-extension'],
  e_ev_organization_name_missing: ['ev-organization-present'],
  e_ev_orgid_inconsistent_subj_and_ext: ['ev-organization-identifier-consistent'],
  e_ev_san_ip_address_present: ['ev-dns-names-only'],
  e_ev_serial_number_missing: ['ev-serial-number-present'],

  // Code signing
  e_cs_aia_missing_ca_issuers_http_url: ['code-signing-ca-issuers-http'],
  e_cs_aia_ocsp_not_http: ['code-signing-ocsp-http'],
  e_cs_authority_information_access: ['code-signing-aia'],
  e_cs_crl_distribution_points: ['code-signing-crl'],
  e_cs_key_usage_required: ['code-signing-key-usage'],
  e_cs_requires_org: ['code-signing-organization-present'],
  e_cs_subject_country_name: ['code-signing-country'],
  e_cs_subject_locality_or_province_required: ['code-signing-place'],
  e_cs_subject_prohibited: ['code-signing-no-domain-component'],

  // S/MIME
  e_adobe_extensions_legacy_multipurpose_criticality: ['smime-adobe-not-critical'],
  e_adobe_extensions_strict_presence: ['smime-strict-no-adobe'],
  e_authority_key_identifier_correct: ['smime-authority-key-identifier'],
  e_commonname_mailbox_validated: ['smime-mailbox-common-name'],
  e_ec_other_key_usages: ['smime-ec-key-usage'],
  e_ecpublickey_key_usages: ['smime-ec-key-usage'],
  e_edwardspublickey_key_usages: ['smime-edwards-key-usage'],
  e_exactly_one_smime_policy: ['smime-one-policy'],
  e_legacy_generation_deprecated: ['smime-legacy-retired'],
  e_legal_entity_identifier: ['smime-legal-entity-identifier'],
  e_mailbox_address_shall_contain_an_rfc822_name: ['smime-mailboxes-among-names'],
  e_mailbox_validated_allowed_subjectdn_attributes: ['smime-mailbox-subject'],
  e_mailbox_validated_enforce_subject_field_restrictions: ['smime-mailbox-subject'],
  e_org_validated_invalid_cn: ['smime-organization-common-name'],
  e_rsa_key_usage_legacy_multipurpose: ['smime-rsa-key-usage'],
  e_rsa_key_usage_strict: ['smime-rsa-key-usage'],
  e_rsa_other_key_usages: ['smime-rsa-key-usage'],
  e_single_email_subject_if_present: ['smime-email-single-mailbox'],
  e_smime_legacy_aia_shall_have_one_http: ['smime-legacy-aia-one-http'],
  e_smime_legacy_multipurpose_eku_check: ['smime-purposes'],
  e_smime_qc_statements_must_not_be_critical: ['smime-statements-not-critical'],
  e_smime_strict_aia_shall_have_http_only: ['smime-aia-http'],
  e_smime_strict_eku_check: ['smime-strict-purposes'],
  e_subject_country_name: ['smime-country'],
  e_subscribers_crl_distribution_points_are_http: ['smime-crl-http'],
  e_subscribers_shall_have_crl_distribution_points: ['smime-crl-present'],

  // ETSI
  e_duplicate_etsi_qcstatement: ['etsi-statements-unique'],
  e_etsi_natural_person_key_usage_correct_values: ['etsi-natural-person-key-usage'],
  e_etsi_natural_person_key_usage_mandatory: ['etsi-natural-person-key-usage'],
  e_qcstatem_etsi_present_qcs_critical: ['etsi-statements-not-critical'],
  e_qcstatem_etsi_type_as_statem: ['etsi-type-not-a-statement'],
  e_qcstatem_pds_must_have_https_only: ['etsi-disclosure-https'],
  e_qcstatem_qclimitvalue_valid: ['etsi-limit-value'],
  e_qcstatem_qcpds_valid: ['etsi-disclosure'],
  e_qcstatem_qctype_oneonly: ['etsi-type-one'],
  e_qcstatem_qctype_valid: ['etsi-type-known'],
  e_qcstatem_qctype_web: ['etsi-type-web'],

  // CRLs and OCSP responses
  e_cab_crl_has_valid_reason_code: ['crl-reason-code'],
  e_crl_auth_key_id_only_contains_keyid: ['crl-authority-key-identifier'],
  e_crl_empty_revoked_certificates: ['crl-entries-not-empty'],
  e_crl_extensions_validity: ['crl-extension-criticality'],
  e_crl_has_next_update: ['crl-next-update-present'],
  e_crl_has_valid_reason_code: ['crl-reason-code'],
  e_crl_next_update_invalid: ['crl-lifetime'],
  e_crl_number_out_of_range: ['crl-number-range'],
  e_crl_revocation_time_after_this_update: ['crl-revocation-not-later'],
  e_crl_revoked_certificate_crl_entry_has_no_duplicate_extensions: ['crl-entry-extensions-unique'],
  e_crl_revoked_certificates_field_must_be_empty: ['crl-entries-not-empty'],
  e_crl_sigalgo_missing_null_params: ['crl-signature-null-parameters'],
  e_this_update_not_after_produced_at: ['ocsp-this-update-not-later'],
}

interface Sample {
  readonly file: string
  readonly kind: string
  readonly expect: string
  readonly profile?: string
  readonly lints: readonly { readonly lint: string; readonly status: string }[]
}

function samples(folder: string): readonly Sample[] {
  return corporaMissing === false
    ? (JSON.parse(readFileSync(join(corpora, folder, 'manifest.json'), 'utf8')) as Sample[])
    : []
}

/** The first PEM block of a file, or the whole file when it has none. */
function readDer(folder: string, file: string): Uint8Array {
  const bytes = readFileSync(join(corpora, folder, file))
  const text = bytes.toString('latin1')
  const start = text.indexOf('-----BEGIN ')
  if (start !== -1) {
    const bodyStart = text.indexOf('\n', start)
    return Buffer.from(text.slice(bodyStart, text.indexOf('-----END ', bodyStart)), 'base64')
  }
  return bytes[0] === 0x30 ? bytes : Buffer.from(text, 'base64')
}

function findingsOf({ file, kind }: Sample): readonly Finding[] {
  const der = readDer('zlint', file)
  switch (kind) {
    case 'certificate':
      return lint(der, { strictness: 'public-tls' })
    case 'crl':
      return lintCrl(der, { strictness: 'public-tls', maximumDays: 10 })
    default:
      return lintOcspResponse(der)
  }
}

describe('samples that must fail', { skip: corporaMissing }, () => {
  for (const sample of samples('zlint')) {
    test(`N21 ${sample.file} is flagged for ${sample.lints.map((each) => each.lint).join(', ')}`, () => {
      const found = findingsOf(sample)
        .filter(({ severity }) => severity === 'error')
        .map(({ rule }) => rule)
      for (const { lint: name, status } of sample.lints) {
        if (status === 'error') {
          const wanted = rulesOfLint[name]
          assert(wanted !== undefined, `no rule is named for ${name}`)
          assert(
            wanted.some((rule) => found.includes(rule)),
            `wanted ${wanted.join(' or ')}, found ${found.join(', ') || 'nothing'}`,
          )
        }
      }
    })
  }
})

describe('samples that must pass', { skip: corporaMissing }, () => {
  for (const { file, kind, expect, profile } of samples('pkilint')) {
    if (kind !== 'certificate' || expect !== 'lint-clean') continue
    const strictness = profile === 'pkix' ? 'private-tls' : 'public-tls'
    test(`V14 ${file} raises no error at ${strictness}`, () => {
      const errors = lint(readDer('pkilint', file), { strictness }).filter(
        ({ severity }) => severity === 'error',
      )
      assert.deepEqual(errors, [])
    })
  }
})

test('every rule that the table names exists', () => {
  const known = new Set(allRules.map(({ id }) => id))
  const missing = Object.values(rulesOfLint)
    .flat()
    .filter((rule) => !known.has(rule) && !rule.startsWith('crl-') && !rule.startsWith('ocsp-'))
  assert.deepEqual(missing, [])
})
