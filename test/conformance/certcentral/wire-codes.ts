import { type Code, codes } from '../../../src/faces/certcentral/codes.ts'

/** A code as callers see it; what varies stands in angle brackets. */
export interface WireCode {
  readonly name: string
  readonly status: number
}

/** Qualifiers that are a closed set; other qualified codes name a domain. */
const qualifiers: Partial<Readonly<Record<Code, readonly string[]>>> = {
  access_denied: ['access_denied_invalid_key', 'missing_permission', 'invalid_approver'],
}

/** Every code of the table, each with all its qualifiers. */
export const wireCodes: readonly WireCode[] = Object.entries(codes).flatMap(([code, { form, status }]) => {
  if (form === 'alone') return [{ name: code, status }]
  if (form === 'parameter') return [{ name: `${code}:<parameter>`, status }]
  const known = qualifiers[code as Code] ?? ['<domain>']
  return known.map((qualifier) => ({ name: `${code}|${qualifier}`, status }))
})

/** Whether an answer's code is this one. */
export function isCode(name: string, answered: string): boolean {
  const [fixed = '', varying] = name.split('<')
  return varying === undefined
    ? answered === name
    : answered.startsWith(fixed) && answered.length > fixed.length
}
