import type { AccountPolicy } from '../../../src/core/identity/account-policy.ts'

/** What tests change of an account's policy, as a new account has it. */
export const fullPolicy: Partial<AccountPolicy> = {
  approvals: 'one',
  certificateTransparency: true,
  ctChoicePerOrder: true,
  privateCa: true,
  privateCaDefault: true,
  caaRequired: false,
  protectedNames: [],
  disabledProducts: [],
}
