/**
 * `npm run conformance [-- FACE…]`: provokes every error code of every face, or of those named, prints what came
 * back, writes `docs/conformance/FACE.md`, and ends with status 1 when a code was not reached.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scope } from '../support/tmp.ts'
import { certcentralConformance } from './certcentral/certcentral.ts'
import { type ConformanceResult, document, type FaceConformance, runFace } from './conformance.ts'
import { oneConformance } from './one/one.ts'
import { tinycertConformance } from './tinycert/tinycert.ts'

const faces: readonly FaceConformance[] = [tinycertConformance, certcentralConformance, oneConformance]
const folder = join(import.meta.dirname, '../../docs/conformance')

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !faces.some(({ face }) => face === name))
  if (unknown.length > 0) {
    process.stderr.write(
      `no face ${unknown.join(', ')}; there are ${faces.map(({ face }) => face).join(', ')}\n`,
    )
    return 2
  }
  let failed = false
  for (const face of faces) {
    if (names.length > 0 && !names.includes(face.face)) continue
    const result = await withScope((scope) => runFace(face, scope))
    print(result)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${face.face}.md`), document(result))
    failed ||= result.missing.length > 0
  }
  return failed ? 1 : 0
}

/** Everything that was started ends, whatever happens. */
async function withScope<Result>(run: (scope: Scope) => Promise<Result>): Promise<Result> {
  const cleanUps: (() => unknown)[] = []
  try {
    return await run({ after: (cleanUp) => cleanUps.push(cleanUp) })
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp()
  }
}

function print({ face, provoked, missing }: ConformanceResult): void {
  process.stdout.write(`${face.title}\n`)
  for (const { code, httpStatus, condition, answer, reached } of provoked) {
    process.stdout.write(`${reached ? 'reached ' : 'MISSED  '} ${code} ${httpStatus}: ${condition}\n`)
    process.stdout.write(`         ${answer.status} ${answer.body.slice(0, 300)}\n`)
  }
  const all = face.codes.length
  process.stdout.write(`${all - missing.length} of ${all} codes reached`)
  process.stdout.write(missing.length === 0 ? '\n' : `; not ${missing.join(', ')}\n`)
}

process.exitCode = await main(process.argv.slice(2))
