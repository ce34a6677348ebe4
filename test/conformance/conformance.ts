import type { Scope } from '../support/tmp.ts'

/** One error code of a face, provoked by its real condition. */
export interface Provoked {
  readonly code: string
  /** `handshake`: the connection ends before there is an answer. */
  readonly httpStatus: number | 'handshake'
  /** What was done, in words for the document. */
  readonly condition: string
  /** What came back: status and body. */
  readonly answer: { readonly status: number; readonly body: string }
  /** Whether status and code are the expected ones. */
  readonly reached: boolean
}

/** Codes that stand in a table of their own. */
export interface ConformancePart {
  readonly heading: string
  /** What the first column is called. */
  readonly column: string
  readonly codes: readonly string[]
}

/** The conformance table of one face. */
export interface FaceConformance {
  /** As in the error catalogue: `tinycert`. Names the document. */
  readonly face: string
  readonly title: string
  /** Every code that has to be reached. */
  readonly codes: readonly string[]
  /** All codes, part by part; absent: one table for all. */
  readonly parts?: readonly ConformancePart[]
  /** Starts the program on a fresh store and provokes what can be provoked. */
  run(scope: Scope): Promise<readonly Provoked[]>
}

/** What a run of one face came to. */
export interface ConformanceResult {
  readonly face: FaceConformance
  readonly provoked: readonly Provoked[]
  /** Codes that no condition reached, in order of the face's list. */
  readonly missing: readonly string[]
}

export async function runFace(face: FaceConformance, scope: Scope): Promise<ConformanceResult> {
  const provoked = await face.run(scope)
  const reached = new Set(provoked.filter((row) => row.reached).map((row) => row.code))
  const missing = face.codes.filter((code) => !reached.has(code))
  return { face, provoked, missing }
}

/** The document of a run. The same for every run that reaches the same codes: no times, ids or addresses. */
export function document({ face, provoked, missing }: ConformanceResult): string {
  const tables = face.parts?.map((part) => [`## ${part.heading}`, '', ...table(part, provoked), '']) ?? [
    [...table({ column: 'code', codes: face.codes }, provoked), ''],
  ]
  return [
    `# Conformance: ${face.title}`,
    '',
    'Written by `npm run conformance`, which starts the program on a fresh store and provokes every error code over',
    "HTTP by its real condition. Conditions of the store come from changing it behind the program's back.",
    '',
    ...tables.flat(),
    missing.length === 0
      ? `All ${face.codes.length} codes are reached.`
      : `Not reached: ${missing.map((code) => `\`${code}\``).join(', ')}.`,
    '',
  ].join('\n')
}

function table(
  { column, codes }: Pick<ConformancePart, 'column' | 'codes'>,
  provoked: readonly Provoked[],
): readonly string[] {
  const rows = codes.flatMap((code) => provoked.filter((row) => row.code === code))
  return [
    `| ${column} | status | condition | reached |`,
    '| --- | --- | --- | --- |',
    ...rows.map(
      (row) =>
        `| \`${row.code.replaceAll('|', '\\|')}\` | ${row.httpStatus} | ${row.condition.replaceAll('|', '\\|')} | ${row.reached ? 'yes' : 'no'} |`,
    ),
  ]
}
