import { type Explanations, explainer } from '../explanation.ts'
import { notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors about orders that are there. */
export const orders = {
  cannot_archive_primary_certificate: say(
    'The certificate is the primary one of its order.',
    ['only former certificates and duplicates are archived'],
    'Reissue first when another certificate is to be the primary one.',
  ),
  cert_unavailable_processing: say(
    'The certificate to download is ordered and not issued yet.',
    ['the order waits for approval', 'a name, or the organization, is not validated yet'],
    'Ask for the order until its status is `issued`, then download.',
    'Yes, when the order is issued.',
  ),
  invalid_common_name_on_duplicate: say(
    'The common name of the duplicate is not the order’s.',
    ['it is neither the common name nor one of the names of the order'],
    'Send the order’s common name; to change names, reissue.',
  ),
  invalid_dns_name_on_duplicate: say(
    'The duplicate has a name that the order does not have.',
    ['a name was added', 'of a wildcard order: the name is not below the wildcard'],
    'Leave the name out; to add names, reissue.',
  ),
  missing_dns_name_on_duplicate: say(
    'The duplicate misses a name of the order.',
    ['dns_names does not have all names of the order'],
    'Send all names of the order.',
  ),
  order_not_eligible_for_duplicate: say(
    'This order cannot have duplicates.',
    ['the product allows none', 'the order is not issued, expired or revoked'],
    'Reissue, or order anew.',
  ),
  order_not_eligible_for_renewal: say(
    'The order named by renewal_of_order_id cannot be renewed.',
    [
      'it was never issued, or was revoked or canceled',
      'it ends too far in the future, or ended too long ago',
    ],
    'Order without renewal_of_order_id, or wait until the renewal period begins.',
  ),
  order_already_revoked: say(
    'The order to revoke is revoked, with every certificate of it.',
    ['it was revoked before'],
    'Nothing; programs may take it for success.',
  ),
  order_renewed_already: say(
    'The order named by renewal_of_order_id was renewed before.',
    ['another order renews it'],
    'Use the order that renews it, or order without renewal_of_order_id.',
  ),
  pending_reissue: say(
    'A reissue of this order is still pending.',
    ['it waits for approval or for the validation of its names'],
    'Finish it, or cancel it with PUT /order/certificate/{id}/status.',
    'Yes, when the pending reissue is issued or canceled.',
  ),
} satisfies Explanations
