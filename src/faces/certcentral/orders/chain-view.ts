import type { ChainCertificate } from '../../../core/authorities/issued-chain.ts'
import { certificatePem } from '../certificates/pem.ts'
import type { Members } from '../reply.ts'

/** `certificate_chain` of an answer. @param chain leaf, intermediates, root */
export function certificateChain(chain: readonly ChainCertificate[]): readonly Members[] {
  return chain.map(({ subjectCommonName, der }) => ({
    subject_common_name: subjectCommonName,
    pem: certificatePem(der),
  }))
}
