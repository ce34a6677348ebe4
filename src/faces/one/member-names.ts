import { type Fault, isFault } from '../../core/faults.ts'
import { type Complaint, Refusal } from './refusal.ts'

/** How one request spells what the engine judges without knowing where it was said. */
export interface MemberNames {
  /** Where the end of a certificate is said. */
  readonly validity: string
}

/**
 * Does something, and names the member of this request where a refusal of the engine is about one of these.
 * @throws Refusal in the place of such a fault; what `act` throws
 */
export async function namingMembers<Result>(names: MemberNames, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    const complaint = isFault(error) ? complaintAbout(error, names) : undefined
    throw complaint === undefined ? error : new Refusal([complaint], { cause: error })
  }
}

function complaintAbout(fault: Fault, { validity }: MemberNames): Complaint | undefined {
  if (!isFault(fault, 'validity_refused')) return undefined
  return { reason: 'validity', about: fault.detail.limit, field: validity }
}
