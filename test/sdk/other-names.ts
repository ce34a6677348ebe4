/** Names that routes look for though the client has none of them, everywhere by their ends. */
const everywhere = [
  // The account is the client's own, and said in a header.
  ...['account', 'account.id', 'account_id', '?account', '?account.id', '?account_id'],
  // The lifetimes of other products and of other clients.
  ...['validity.years', 'validity.months', 'validity.days', 'validity.end_date'],
  ...['validity.duration_unit', 'validity.duration_value'],
  // Refused by name.
  ...['unique_identifier', 'custom_values'],
  ...['issuer_alt_name', 'security_identifier', 'lei', 'lei_role'],
]

const ofAudit = ['?resource_types', '?admin_name']
const byEndpoint: Readonly<Record<string, readonly string[]>> = {
  'GET /account/api/v1/audit-log': ofAudit,
  'GET /account/api/v1/audit-log/count': ofAudit,
  'GET /mpki/api/v1/audit-log': ofAudit,
  'GET /mpki/api/v1/audit-log/count': ofAudit,
  'GET /mpki/api/v1/enrollment-details': ['?statuses'],
  // Said in the body.
  'PUT /mpki/api/v1/seat/:seat_id': ['?seat_type_id', '?business_unit_id'],
  'POST /mpki/api/v1/certificate/:serial/renew': ['?thumbprint_sha256'],
  'PUT /mpki/api/v1/certificate/:serial/revoke': ['?thumbprint_sha256'],
  // No part of the name of a CA.
  'POST /certificate-authority/api/v1/ca': ['subject.street_address', 'subject.postal_code'],
}

/** Whether a name is another client's, or that of something that is refused. */
export function isOtherName(endpoint: string, name: string): boolean {
  const isHere = byEndpoint[endpoint]?.includes(name) === true
  return isHere || everywhere.some((end) => name === end || name.endsWith(`.${end}`))
}
