import { type Code, codes } from './codes.ts'

/** Codes with a qualifier that has an explanation of its own. */
const qualified = {
  'access_denied|access_denied_invalid_key': 'access_denied',
  'access_denied|invalid_approver': 'access_denied',
  'access_denied|missing_permission': 'access_denied',
} as const satisfies Readonly<Record<string, Code>>

/** Rows of the table of codes that never stand in an answer without their qualifier. */
type Family = (typeof qualified)[keyof typeof qualified]

/**
 * What the catalogue explains: codes as they stand in answers, without the parameter after `:` and without a
 * qualifier that is a domain.
 */
export type ExplainedCode = Exclude<Code, Family> | keyof typeof qualified

/** The row of an explained code in the table of codes. */
export function rowOf(code: ExplainedCode): (typeof codes)[Code] {
  return codes[isQualified(code) ? qualified[code] : code]
}

/** In the order of their names. */
export const explainedCodes: readonly ExplainedCode[] = [
  ...(Object.keys(codes) as Code[]).filter((code) => !isFamily(code)),
  ...(Object.keys(qualified) as (keyof typeof qualified)[]),
].sort()

function isQualified(code: ExplainedCode): code is keyof typeof qualified {
  return Object.hasOwn(qualified, code)
}

function isFamily(code: Code): code is Family {
  return code === 'access_denied'
}
