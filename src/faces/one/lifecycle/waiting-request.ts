import type { CertificateProfile } from '../../../core/lifecycle/certificate-profile.ts'
import { requestApproval, type WaitingRequest } from '../../../core/lifecycle/request-approval.ts'
import { DocumentReader } from '../../../core/store/document.ts'
import type { Call } from '../call.ts'

/**
 * Keeps a request until somebody decides on it.
 * @param judge raises what is wrong with it already; not asked again when the call comes again with its key
 * @returns the number of the enrollment that waits
 */
export function waitForApproval(
  call: Call,
  profile: CertificateProfile,
  request: WaitingRequest,
  judge: () => Promise<void> | void,
): Promise<number> {
  const { engine, member, caller } = call
  return call.once({
    run: async (binding) => {
      await judge()
      return requestApproval(engine, member, profile, request, caller, binding)
    },
    recall: async (subject) => new DocumentReader(subject, 'waiting request').integer('enrollmentId'),
  })
}
