import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/** What a verb told its caller: the first of the sources that are compared after a crash. */
export type Acknowledgement =
  | {
      readonly told: 'issued'
      readonly id: number
      /** Lower-case hex. */
      readonly serialNumber: string
      /** Of the certificate's DER, lower-case hex. */
      readonly sha256: string
      /** Whether its key was made here. */
      readonly serverKey: boolean
    }
  | { readonly told: 'revoked'; readonly id: number }
  | { readonly told: 'refused'; readonly id: number }
  /** `number`: of the CRL in the store after the verb had published one. */
  | { readonly told: 'published'; readonly number: number }

/**
 * Appends one line for each acknowledgement. Its writer may be killed at any instant and lines of several processes
 * do not mix: each is one write at the file's end.
 */
export function openHistory(path: string): { tell(what: Acknowledgement): void; close(): void } {
  const file = openSync(path, 'a', 0o600)
  return {
    tell: (what) => void writeSync(file, `${JSON.stringify(what)}\n`),
    close: () => closeSync(file),
  }
}

/** All that was told. */
export function readHistory(path: string): readonly Acknowledgement[] {
  return linesOf(path).map((line): Acknowledgement => JSON.parse(line))
}

/** Whole lines of a file; none when it is absent. */
export function linesOf(path: string): readonly string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return text.split('\n').slice(0, -1)
}
