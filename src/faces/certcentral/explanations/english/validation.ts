import { type Explanations, explainer } from '../explanation.ts'
import { afterDns, notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors of proving control over names. */
export const validation = {
  caa_check_failed: say(
    'The CAA records of a domain keep this authority from issuing; the code names the domain after the bar.',
    [
      'no issue or issuewild record names this authority',
      'a record has an unknown property marked critical',
      'DNS did not answer, or its signatures do not verify',
    ],
    'Add a CAA record with one of the issuer domains of this server, or repair DNS.',
    afterDns,
  ),
  caa_not_found: say(
    'A CAA record is required and the domain has none; the code names the domain after the bar.',
    ['the domain is locked', 'the account requires CAA records'],
    'Publish the CAA record that the domain shows.',
    afterDns,
  ),
  file_random_value_not_found: say(
    'The file with the random value was not found, or says something else.',
    [
      'http://{name}/.well-known/pki-validation/fileauth.txt does not answer with the value',
      'the file has an older value, or the answer is an error page',
      'the name does not resolve, or port 80 is closed',
    ],
    'Put exactly the current random value into the file.',
    'Yes, when the file can be read from outside.',
  ),
  invalid_dns_cname: say(
    'The CNAME record with the random value was not found.',
    ['there is no such record', 'it points elsewhere', 'it has an older value'],
    'Publish the CNAME record as the order or domain shows it.',
    afterDns,
  ),
  invalid_dns_txt: say(
    'The TXT record with the random value was not found.',
    ['there is no such record', 'it has an older value, or quotes around it', 'it is on another name'],
    'Publish the current random value as a TXT record of the name.',
    afterDns,
  ),
  invalid_dns_method: say(
    'The validation method of the order does not fit this call.',
    [
      'emails are sent again for an order that is validated otherwise',
      'an order validated by email is to be checked',
    ],
    'Use the call of the present method, or change it with PUT /order/certificate/{id}/dcv-method.',
  ),
  cannot_activate_domain_lock: say(
    'Domains cannot be locked in this account.',
    ['domain locking is switched off for the account'],
    'Let an administrator switch domain_locking_enabled on.',
  ),
  cannot_deactivate_domain_lock: say(
    'Domain locking is off for this account, so there is no lock to take away.',
    ['domain locking is switched off for the account'],
    'Nothing has to be done.',
  ),
  auth_key_exists_for_account: say(
    'The account has an AuthKey without end already.',
    ['an account has one AuthKey without end; others need a number of days'],
    'Use the one there is, or make one with POST /account/auth-key/{days}.',
  ),
} satisfies Explanations
