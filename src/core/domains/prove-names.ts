import type { Engine } from '../engine.ts'
import type { ProofFailure } from '../validation/prove.ts'
import { type ControlCheck, proveControl, type TokenMethod } from '../validation/prove-control.ts'
import { type ControlScope, controlPlaces } from './control-places.ts'
import type { ControlEvidence, RandomValue } from './domain.ts'

export interface ProofWish {
  readonly method: TokenMethod
  readonly randomValue: RandomValue
  /** Host names, wildcards and addresses in normal form. */
  readonly names: readonly string[]
  readonly scope: ControlScope
}

/** What one check found of one name. */
export type NameProof =
  | { readonly name: string; readonly evidence: ControlEvidence }
  | { readonly name: string; readonly evidence: undefined; readonly failure: ProofFailure }

/** Names looked at a time. */
const mostAtOnce = 8

/** Looks for a random value for each name, in the nearest place first. Names with a place in common share the look. */
export async function proveNames(
  engine: Engine,
  { method, randomValue, names, scope }: ProofWish,
): Promise<readonly NameProof[]> {
  const { perspectives, cnameTarget, httpPort } = engine.outside
  const now = engine.clock.now()
  const looks = new Map<string, ReturnType<typeof proveControl>>()
  const look = (claimed: string) => {
    const attempt = Buffer.from(engine.random.bytes(16)).toString('hex')
    const check: ControlCheck = { perspectives, attempt, cnameTarget, httpPort }
    const started = looks.get(claimed) ?? proveControl(method, { name: claimed, randomValue, now }, check)
    looks.set(claimed, started)
    return started
  }
  const prove = async (name: string): Promise<NameProof> => {
    let failure: ProofFailure = { reason: 'not-found' }
    for (const place of controlPlaces(method, name, scope)) {
      // A file proves the very name that is asked for, so a wildcard has to be seen as one.
      const found = await look(method === 'http-token' ? name : place)
      if (found.evidence !== undefined) return { name, evidence: found.evidence }
      failure = found.failure
    }
    return { name, evidence: undefined, failure }
  }
  const proofs: NameProof[] = []
  for (let start = 0; start < names.length; start += mostAtOnce) {
    proofs.push(...(await Promise.all(names.slice(start, start + mostAtOnce).map(prove))))
  }
  return proofs
}

/** What a check found, for the audit log: names, and reasons without a word of what others sent. */
export function proofsTold(proofs: readonly NameProof[]): string {
  return JSON.stringify(
    proofs.map((proof) =>
      proof.evidence === undefined
        ? { name: proof.name, failure: proof.failure }
        : { name: proof.name, place: proof.evidence.name, perspectives: proof.evidence.perspectives },
    ),
  )
}
