import { type Fault, isFault } from '../../core/faults.ts'
import { answerToFault } from './faults.ts'
import { type Complaint, Refusal } from './refusal.ts'

/** How one request spells what the engine judges without knowing where it was said; what is absent is as everywhere. */
export interface MemberNames {
  /** Where the end of a certificate is said. */
  readonly validity?: string
  /** What whoever named nobody has to fill. */
  readonly firstName?: string
  /** Where the names are said that are too many. */
  readonly names?: string
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

function complaintAbout(fault: Fault, { validity, firstName, names }: MemberNames): Complaint | undefined {
  const [complaint] = answerToFault(fault, 'en').complaints
  switch (fault.code) {
    case 'validity_refused':
      return validity === undefined ? undefined : { ...complaint, field: validity }
    case 'names_missing':
      return firstName === undefined ? undefined : { ...complaint, about: firstName, field: firstName }
    case 'names_too_many':
      return names === undefined ? undefined : { ...complaint, field: names }
    default:
      return undefined
  }
}
