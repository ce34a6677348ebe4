import type { Instant } from '../brand.ts'
import type { Program } from '../store/program.ts'
import type { Transaction, View } from '../store/store.ts'
import { storedJson } from '../stored-json.ts'
import type { CrlRecord } from './crl-record.ts'

/** A CRL without its bytes. */
export type CrlHeader = Omit<CrlRecord, 'der'>

/**
 * CRLs whose thisUpdate is later than `at` without an operator having accepted that the clock was put back since. Those
 * that he did accept are followed by CRLs of an earlier thisUpdate.
 */
export function* crlsAhead(
  view: Pick<View, 'runtime'>,
  crls: readonly CrlHeader[],
  at: Instant,
): Program<readonly CrlHeader[]> {
  const later = crls.filter((crl) => crl.thisUpdate > at)
  if (later.length === 0) return later
  const numbers = readNumbers(yield* view.runtime.setting('given-up-crls'))
  // What was made since then has a higher number.
  return later.filter((crl) => crl.number > (numbers.get(nameOf(crl)) ?? 0))
}

/** Gives these up, in place of those that were before. */
export function giveUpCrls(
  { runtime }: Pick<Transaction, 'runtime'>,
  crls: readonly CrlHeader[],
): Program<void> {
  const numbers = Object.fromEntries(crls.map((crl) => [nameOf(crl), crl.number]))
  return runtime.setSetting('given-up-crls', JSON.stringify(numbers))
}

const nameOf = ({ authorityId, shard }: CrlHeader) => `${authorityId}/${shard}`

/** Nothing of text that is none of ours: then a CRL of the future stops signing, as if nobody had accepted it. */
function readNumbers(text: string | undefined): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>()
  for (const [name, number] of Object.entries(Object(storedJson(text ?? '')))) {
    if (typeof number === 'number') numbers.set(name, number)
  }
  return numbers
}
