import type { ChainCertificate } from '../../../core/authorities/issued-chain.ts'
import { certificatePem } from '../certificates/pem.ts'
import type { Members } from '../reply.ts'

/** Members of the certificates of CAs, which one chain after the other has. */
const remembered = new WeakMap<ChainCertificate, Members>()

/** `certificate_chain` of an answer. @param chain leaf, intermediates, root */
export function certificateChain(chain: readonly ChainCertificate[]): readonly Members[] {
  const [leaf, ...above] = chain
  return leaf === undefined ? [] : [chainMembers(leaf), ...above.map(authorityMembers)]
}

function authorityMembers(authority: ChainCertificate): Members {
  const known = remembered.get(authority)
  if (known !== undefined) return known
  const made = chainMembers(authority)
  remembered.set(authority, made)
  return made
}

function chainMembers({ subjectCommonName, der }: ChainCertificate): Members {
  return { subject_common_name: subjectCommonName, pem: certificatePem(der) }
}
