import { constructedAddresses } from '../../../core/validation/approval-addresses.ts'
import type { Members } from '../reply.ts'

/**
 * The addresses that may approve for a domain. `whois_emails` stays empty: registration data proves nothing any more;
 * addresses that the domain's DNS names have a list of their own.
 */
export function addressesView(domain: string, addresses: readonly string[]): Members {
  const constructed = constructedAddresses(domain)
  return {
    name_scope: domain,
    base_emails: constructed,
    whois_emails: [],
    dns_txt_emails: addresses.filter((address) => !constructed.includes(address)),
  }
}
