import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** One data file of a corpus; members beyond these belong to single corpora and are read by their tests. */
export interface CorpusEntry {
  /** Path below the corpus folder. */
  readonly file: string
  readonly kind: 'csr' | 'certificate' | 'crl' | 'key' | 'vector'
  /** What the source states; each corpus has its own values. */
  readonly expect: string
  readonly reason: string
  readonly lint: string | null
}

/** Folder of the public test corpora, from CHANCERY_CORPORA or beside the project. */
export const corporaFolder: string = resolve(
  process.env.CHANCERY_CORPORA ?? join(import.meta.dirname, '../../../shared/corpora'),
)

/**
 * Value for the `skip` option of a test that reads this corpus: false when it is present, otherwise the
 * reason, which the test runner prints. The absence is also written to stderr once, so that a run without
 * the corpora cannot be taken for one with them.
 */
export function skipWithout(corpus: string): string | false {
  if (existsSync(join(corporaFolder, corpus, 'manifest.json'))) {
    return false
  }
  const reason = `NOT RUN: corpus "${corpus}" is absent from ${corporaFolder} (set CHANCERY_CORPORA)`
  if (!reported.has(corpus)) {
    reported.add(corpus)
    console.error(reason)
  }
  return reason
}

const reported = new Set<string>()

/** The entries of a corpus; asks nothing about single files. */
export function corpusEntries(corpus: string): readonly CorpusEntry[] {
  const entries: unknown = JSON.parse(readFileSync(join(corporaFolder, corpus, 'manifest.json'), 'utf8'))
  if (!Array.isArray(entries) || !entries.every(isEntry)) {
    throw new Error(`the manifest of corpus "${corpus}" has another form than expected`)
  }
  return entries
}

function isEntry(entry: unknown): entry is CorpusEntry {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'file' in entry &&
    typeof entry.file === 'string' &&
    'kind' in entry &&
    typeof entry.kind === 'string' &&
    'expect' in entry &&
    typeof entry.expect === 'string'
  )
}

/** Bytes of one file of a corpus. */
export function corpusFile(corpus: string, file: string): Uint8Array {
  return readFileSync(join(corporaFolder, corpus, file))
}
