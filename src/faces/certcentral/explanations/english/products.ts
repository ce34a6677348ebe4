import { type Explanations, explainer } from '../explanation.ts'
import { notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors about what is ordered and how it is paid. */
export const products = {
  ambiguous_product: say(
    'No single product fits the type hint and the names.',
    [
      'several products fit equally well',
      'none fits: such as a wildcard with the hint ev',
      'the hint is unknown',
    ],
    'Order by product identifier: POST /order/certificate/{name_id}.',
  ),
  product_not_allowed: say(
    'The product exists, but it cannot be ordered here.',
    ['it is disabled for the account', 'the division or the role of the user may not order it'],
    'Choose one from GET /product, or let an administrator enable it.',
  ),
  product_name_limit_exceeded: say(
    'There are more names than the product certifies.',
    [
      'the common name and dns_names together exceed the limit of the product',
      'the certificate would become too large',
    ],
    'Order fewer names, or a product for several.',
  ),
  csr_invalid_cannot_parse: say(
    'The CSR cannot be used.',
    [
      'it is no PKCS#10 request, or was cut short',
      'its signature does not fit its key, or uses SHA-1 or MD5',
      'its key is too small, of a kind that is not certified, weak or known to be compromised',
    ],
    'Make a new key (RSA of 2048 bits or more, or P-256, P-384) and a CSR signed with SHA-256.',
  ),
  csr_not_allowed: say(
    'The product takes no CSR.',
    ['its key is made on a token that is shipped', 'its key is made in another way that was chosen'],
    'Leave certificate.csr out.',
  ),
  custom_expiration_not_allowed: say(
    'The certificate may not end on a day of the caller’s choice.',
    ['the account or the product restricts validity to whole periods'],
    'Send order_validity.years or order_validity.days instead of custom_expiration_date.',
  ),
  cert_validity_exceeds_order_validity: say(
    'The certificate would outlast its order.',
    [
      'certificate.cert_validity is longer than order_validity',
      'less of the order is left than a reissue asks for',
    ],
    'Ask for a shorter cert_validity, or leave it out.',
  ),
  invalid_ca_cert_id: say(
    'The issuing CA cannot be used for this product.',
    [
      'certificate.ca_cert_id is unknown',
      'the CA is not among the product’s allowed_ca_certs',
      'the CA was closed',
    ],
    'Take an id from allowed_ca_certs of GET /product/{name_id}.',
  ),
  missing_ca_cert_id: say(
    'The product has no default CA, so one has to be named.',
    ['a private product whose default CA was cleared'],
    'Send certificate.ca_cert_id from allowed_ca_certs of GET /product/{name_id}.',
  ),
  no_private_ca_enabled: say(
    'The account has no private CA to issue from.',
    ['private CAs are switched off for the account', 'the account’s CAs were closed'],
    'Let the operator make a CA for the account, or switch private CAs on.',
  ),
  cert_transparency_turned_off_for_account: say(
    'The account does not log certificates, so nothing can be set about it on an order.',
    ['cert_transparency of the account is off'],
    'Leave the setting alone, or let an administrator switch cert_transparency on.',
  ),
  ct_logging_disabled: say(
    'The account does not log certificates, so disable_ct has no meaning on an order.',
    ['cert_transparency of the account is off and the order carries disable_ct'],
    'Leave disable_ct out, or let an administrator switch cert_transparency on.',
  ),
  not_allowed_to_change_ct_setting_per_order: say(
    'The account decides about certificate transparency once for all orders.',
    ['ct_choice_per_order of the account is off'],
    'Leave disable_ct out, or let an administrator switch ct_choice_per_order on.',
  ),
  invalid_payment_method: say(
    'The account does not pay in this way.',
    [
      'payment_method is not among the methods of the account',
      'a payment profile was named and there is none',
    ],
    'Leave payment_method out to pay from the balance.',
  ),
  insufficient_funds: say(
    'The balance with its credit does not cover the price.',
    ['the credit limit of the account is reached'],
    'Deposit funds; GET /finance/balance shows what is there.',
  ),
} satisfies Explanations
