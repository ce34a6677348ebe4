import { commonNameOf, parseName } from '../../pki/names.ts'
import type { Engine } from '../engine.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import type { AuthorityRecord } from './authority.ts'
import { authoritiesAbove } from './authority-chain.ts'

/** A certificate among those that prove another. */
export interface ChainCertificate {
  /** Empty where the subject has none. */
  readonly subjectCommonName: string
  readonly der: Uint8Array
}

/** Chains by the record of the issuing CA: a CA that is changed is read into a new record. */
const remembered = new WeakMap<AuthorityRecord, readonly ChainCertificate[]>()

/**
 * The certificates of a CA and of those above it, root last: what follows a certificate that it issued.
 * @throws Fault authority_unusable when the records do not end in a root
 */
export function* issuingChain(view: View, authority: AuthorityRecord): Program<readonly ChainCertificate[]> {
  const known = remembered.get(authority)
  if (known !== undefined) return known
  const chain = [authority, ...(yield* authoritiesAbove(view, authority))].map(
    ({ certificateDer, subjectDer }) => ({
      subjectCommonName: commonNameOf(parseName(subjectDer)) ?? '',
      der: certificateDer,
    }),
  )
  remembered.set(authority, chain)
  return chain
}

/**
 * An issued certificate and those above it, root last.
 * @param certificate with the record of its CA as the directory keeps it: its chain is read once then
 * @throws Fault authority_unusable when the records do not end in a root
 */
export async function issuedChain(
  { store }: Pick<Engine, 'store'>,
  certificate: ChainCertificate,
  authority: AuthorityRecord,
): Promise<readonly ChainCertificate[]> {
  const above = remembered.get(authority) ?? (await store.read((view) => issuingChain(view, authority)))
  return [certificate, ...above]
}
