import { commonNameOf, parseName } from '../../pki/names.ts'
import type { AuthorityRecord } from './authority.ts'

/**
 * What callers know a CA by: the common name of its subject, which they read in the chains they are given. The name
 * that people gave it where its subject has none.
 */
export function shownName({ subjectDer, name }: Pick<AuthorityRecord, 'subjectDer' | 'name'>): string {
  return commonNameOf(parseName(subjectDer)) ?? name
}
