import type { DocumentReader } from '../store/document.ts'
import {
  type ControlEvidence,
  type RandomValue,
  readEvidence,
  readRandomValue,
  type ValidationMethod,
  validationMethods,
} from './domain.ts'

/** Who is to approve by mail for a name, by the caller's choice. */
export interface ChosenApprover {
  /** Normal form of one of the order's names. */
  readonly name: string
  /** The domain that answers for it: the name itself or one above it. */
  readonly domain: string
  /** One of the addresses that may approve for that domain, lower case. */
  readonly address: string
}

/** How an order has control over its names proven. */
export interface OrderControl {
  readonly method: ValidationMethod
  /** One for all names; unused, or null, while the method is e-mail, whose links carry values of their own. */
  readonly randomValue: RandomValue | null
  /** Proofs made for this order; those of domains count beside them. */
  readonly evidence: readonly ControlEvidence[]
  /** Names without one are approved by any address that may. */
  readonly approvers: readonly ChosenApprover[]
}

/** Reads an order's control out of a stored document. */
export function readOrderControl(read: DocumentReader): OrderControl {
  return {
    method: read.member('method', validationMethods),
    randomValue: read.objectOrNull('randomValue', readRandomValue),
    evidence: read.list('evidence', readEvidence),
    approvers: read.list('approvers', (approver) => ({
      name: approver.text('name'),
      domain: approver.text('domain'),
      address: approver.text('address'),
    })),
  }
}
