import { parseArgs } from 'node:util'
import type { Rounds } from './contest.ts'

export const sectionNames = ['issue', 'orders', 'one', 'tinycert', 'ocsp', 'crl', 'lists'] as const
export type SectionName = (typeof sectionNames)[number]

/** How much is measured. */
export interface BenchOptions extends Rounds {
  /** A smoke run: every row is printed, no figure means anything. */
  readonly quick: boolean
  readonly sections: readonly SectionName[]
  /** Of one round. */
  readonly seconds: number
  /** Requests in flight, over all processes together. */
  readonly concurrency: number
  /** Distinct certification requests prepared. */
  readonly requests: number
  /** Distinct certificates that OCSP is asked for. */
  readonly ocspCertificates: number
  /** Entries of the CRL. */
  readonly crlEntries: number
  /** Certificates revoked at the engine in one round. */
  readonly revocations: number
  /** Orders of the account whose lists are read. */
  readonly orders: number
  /** Lists of each kind that are read. */
  readonly lists: number
  /** How long a server rests before its memory is looked at. */
  readonly restMs: number
}

const full = {
  rounds: 5,
  warmUpRounds: 1,
  seconds: 3,
  concurrency: 32,
  requests: 60_000,
  ocspCertificates: 2_000,
  crlEntries: 100_000,
  revocations: 3_000,
  orders: 1_000_000,
  lists: 40,
  restMs: 2_000,
}
const quick = {
  rounds: 1,
  warmUpRounds: 0,
  seconds: 0.1,
  concurrency: 4,
  requests: 200,
  ocspCertificates: 10,
  crlEntries: 100,
  revocations: 20,
  orders: 2_000,
  lists: 2,
  restMs: 0,
}

export const usage = `usage: npm run bench -- [--quick] [--only SECTION,…]
sections: ${sectionNames.join(', ')}`

/** @throws TypeError, RangeError for arguments that are none of ours */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  })
  const wanted = values.only?.split(',') ?? sectionNames
  const sections = sectionNames.filter((name) => wanted.includes(name))
  if (sections.length !== wanted.length) throw new RangeError(`no such section: ${values.only}`)
  return { quick: values.quick, sections, ...(values.quick ? quick : full) }
}

/** For what runs beside no peer: half as many rounds. */
export function fewerRounds({ rounds, warmUpRounds }: Rounds): Rounds {
  return { rounds: Math.ceil(rounds / 2), warmUpRounds }
}
