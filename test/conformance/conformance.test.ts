import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { certcentralConformance } from './certcentral/certcentral.ts'
import { document, type FaceConformance, runFace } from './conformance.ts'
import { oneConformance } from './one/one.ts'
import { tinycertConformance } from './tinycert/tinycert.ts'

for (const conformance of [tinycertConformance, certcentralConformance, oneConformance]) {
  test(`every code of the ${conformance.title} is reached over HTTP, and the document says so`, async (context) => {
    const result = await runFace(conformance, context)
    assert.deepEqual(result.missing, [], JSON.stringify(result.provoked, null, 1))
    const path = join(import.meta.dirname, `../../docs/conformance/${conformance.face}.md`)
    assert.equal(
      document(result),
      readFileSync(path, 'utf8'),
      'run "npm run conformance" and commit what it writes',
    )
  })
}

test('a code that is answered with another status or another code counts as missing', async (context) => {
  const row = { httpStatus: 400, condition: 'x', answer: { status: 500, body: '' } }
  const face: FaceConformance = {
    face: 'x',
    title: 'X',
    codes: ['A', 'B', 'C'],
    run: async () => [
      { ...row, code: 'A', reached: true },
      { ...row, code: 'B', reached: false },
    ],
  }
  const result = await runFace(face, context)
  assert.deepEqual(result.missing, ['B', 'C'])
  assert.match(document(result), /Not reached: `B`, `C`\./)
})
