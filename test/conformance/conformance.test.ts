import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { document, type FaceConformance, runFace } from './conformance.ts'
import { tinycertConformance } from './tinycert/tinycert.ts'

test('every code of the TinyCert API is reached over HTTP, and the document says so', async (context) => {
  const result = await runFace(tinycertConformance, context)
  assert.deepEqual(result.missing, [], JSON.stringify(result.provoked, null, 1))
  const written = readFileSync(join(import.meta.dirname, '../../docs/conformance/tinycert.md'), 'utf8')
  assert.equal(document(result), written, 'run "npm run conformance" and commit what it writes')
})

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
