import { hash } from 'node:crypto'
import type { ValidationMethod } from '../domains/domain.ts'
import { corroborate, type Perspective, type Perspectives } from './perspectives.ts'
import { type ControlClaim, type ControlProof, proveByCname, proveByDnsTxt, proveByHttp } from './prove.ts'

/** Methods that are checked by looking; e-mail is proven by whoever opens the link. */
export type TokenMethod = Exclude<ValidationMethod, 'email'>

/** From where control is looked at, and what is the same for every claim. */
export interface ControlCheck {
  readonly perspectives: Perspectives
  /** Drawn at random for every check: answers of one never count for another, and nobody can foresee it. */
  readonly attempt: string
  /** Default: as many remote perspectives as public TLS allows. */
  readonly mostDissent?: number | undefined
  /** Host name that aliases have to point at, lower case. */
  readonly cnameTarget: string
  readonly httpPort: number
}

/**
 * Looks for a random value from every perspective at once. The proof is that of the primary one, and counts
 * only when enough remote ones find the same (case D18).
 */
export async function proveControl(
  method: TokenMethod,
  claim: ControlClaim,
  check: ControlCheck,
): Promise<ControlProof> {
  const { attempt, mostDissent } = check
  const { result, isCorroborated, agreeing } = await corroborate(
    check.perspectives,
    { attempt, mostDissent },
    (perspective) => proveFrom(perspective, method, claim, check),
    ({ evidence }) => evidence !== undefined,
  )
  if (result.evidence === undefined) return result
  if (!isCorroborated) return { failure: { reason: 'perspectives' } }
  return { evidence: { ...result.evidence, perspectives: agreeing } }
}

function proveFrom(
  { resolver, http }: Perspective,
  method: TokenMethod,
  claim: ControlClaim,
  { attempt, cnameTarget, httpPort }: ControlCheck,
): Promise<ControlProof> {
  switch (method) {
    case 'dns-txt-token':
      return proveByDnsTxt(resolver, claim)
    case 'dns-cname-token':
      return proveByCname(resolver, { target: cnameTarget, decoy: decoyLabel(attempt) }, claim)
    case 'http-token':
      return proveByHttp(http, httpPort, claim)
  }
}

/** A label of the form that random values have. */
function decoyLabel(attempt: string): string {
  return hash('sha256', attempt).slice(0, 32)
}
