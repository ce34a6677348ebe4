import { parseEmailAddress } from '../accounts/email-address.ts'
import { isFault } from '../faults.ts'
import { DnsFailure, type Resolver } from './outbound.ts'

/** Local parts that belong to whoever runs a domain (TLS Baseline Requirements 3.2.2.4.4). */
const constructedParts = ['admin', 'administrator', 'webmaster', 'hostmaster', 'postmaster'] as const
/** Label of the TXT records that name more addresses (TLS Baseline Requirements appendix A.2.1). */
const contactLabel = '_validation-contactemail'
/** Addresses taken from DNS: nobody makes this CA write to a crowd. */
const mostContacts = 5

/** The addresses that may approve for a domain without anybody having named them. */
export function constructedAddresses(domain: string): readonly string[] {
  return constructedParts.map((part) => `${part}@${domain}`)
}

/**
 * Addresses that the domain's own DNS names for approvals, the first five: one whole address in each TXT record,
 * in lower case. None where DNS fails: the constructed ones remain.
 */
export async function contactAddresses(resolver: Resolver, domain: string): Promise<readonly string[]> {
  try {
    const { records } = await resolver.resolve(`${contactLabel}.${domain}`, 'TXT')
    const found = records.flatMap((record) => addressIn(Buffer.from(record).toString('latin1')))
    return [...new Set(found)].slice(0, mostContacts)
  } catch (error) {
    if (error instanceof DnsFailure) return []
    throw error
  }
}

function addressIn(text: string): readonly string[] {
  try {
    return [parseEmailAddress(text)]
  } catch (error) {
    if (isFault(error)) return []
    throw error
  }
}
