import { type Explanations, explainer } from '../explanation.ts'
import { notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors about the names in a certificate and the organization behind it. */
export const names = {
  rfc5280_common_name_invalid: say(
    'The common name is nothing that this product certifies.',
    [
      'it is no host name, address or wildcard as the product wants it',
      'a wildcard has its star elsewhere than alone at the front',
      'of a person: it is empty',
    ],
    'Send a name of the kind that the product certifies.',
  ),
  rfc5280_common_name_too_long: say(
    'The common name is longer than 64 characters.',
    ['RFC 5280 limits the attribute to 64 characters'],
    'Take a shorter name as the common name and send the long one in dns_names.',
  ),
  rfc5280_org_unit_too_long: say(
    'An organizational unit is longer than 64 characters.',
    ['RFC 5280 limits the attribute to 64 characters'],
    'Shorten it or leave it out; public certificates do not carry it any more.',
  ),
  rfc5280_org_unit_invalid: say(
    'An organizational unit says nothing.',
    ['it has no letter or digit', 'it has control characters'],
    'Correct it or leave it out.',
  ),
  rfc5280_org_name_too_long: say(
    'The name of the organization, with its assumed name, is longer than 64 characters.',
    ['both stand in one attribute as "Assumed (Name)", so together they have 61 characters'],
    'Shorten the name or leave the assumed name out.',
  ),
  rfc5280_address_field_too_long: say(
    'A part of the address is longer than 64 characters.',
    ['address, address2, zip, city or state is too long'],
    'Shorten it, or move a part of it from address to address2.',
  ),
  rfc5280_org_invalid: say(
    'The organization has values that cannot stand in a certificate.',
    ['country is no ISO 3166-1 code of two letters', 'a field has only punctuation, or control characters'],
    'Correct the organization.',
  ),
  inactive_organization: say(
    'The organization is deactivated.',
    ['somebody deactivated it'],
    'Activate it with PUT /organization/{id}/activate, or name another.',
  ),
  internal_names_not_allowed: say(
    'A public certificate cannot have this name: nobody owns it.',
    [
      'the name has a single label, or ends in .local, .internal, .test or another reserved domain',
      'the address is private or reserved',
    ],
    'Use names under a registered domain, or order a private product.',
  ),
  other_domain_on_wildcard: say(
    'A wildcard order has a name of another domain.',
    ['a name is neither the base domain of the wildcard nor below it'],
    'Leave the name out, or order a product for several domains.',
  ),
  domain_not_allowed: say(
    'The division may not order this name.',
    ['the division has allowed_domain_names and the name is under none of them'],
    'Order it in another division, or let an administrator allow the domain.',
  ),
  disabled_domain: say(
    'The domain of a name is deactivated in the account.',
    ['somebody deactivated the domain'],
    'Activate it with PUT /domain/{id}/activate.',
  ),
  protected_domain: say(
    'The domain of a name is protected.',
    ['another account has locked it', 'it is on the list of protected domains'],
    'Order from the account that owns the domain, or let the operator look at the list.',
  ),
  email_domain_not_validated: say(
    'The domain of an email address is not validated for the organization.',
    ['certificate.emails has an address under a domain that the organization did not prove'],
    'Add and validate the domain for the organization first.',
  ),
} satisfies Explanations
