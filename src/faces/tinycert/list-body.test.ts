import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { type Format, json, xml } from './format.ts'
import { listBody } from './list-body.ts'
import type { Fields } from './reply.ts'

async function* pagesOf(...pages: readonly (readonly number[])[]): AsyncGenerator<readonly Fields[]> {
  for (const page of pages) yield page.map((id) => ({ id }))
}

async function written(format: Format, ...pages: readonly (readonly number[])[]) {
  const body = await listBody(format, { type: 'list', element: 'cert', pages: pagesOf(...pages) })
  return { whole: Buffer.isBuffer(body), text: Buffer.isBuffer(body) ? body.toString() : await text(body) }
}

test('a list of one page is made whole', async () => {
  assert.deepEqual(await written(json), { whole: true, text: '[]' })
  assert.deepEqual(await written(json, []), { whole: true, text: '[]' })
  assert.deepEqual(await written(json, [1, 2]), { whole: true, text: '[{"id":1},{"id":2}]' })
  assert.deepEqual(await written(json, [1], [2]), { whole: true, text: '[{"id":1},{"id":2}]' })
})

test('a long list is written while it is read, empty pages left out', async () => {
  const long = await written(json, [1], [], [2], [3], [], [4], [5])
  assert.equal(long.whole, false)
  assert.deepEqual(
    JSON.parse(long.text),
    [1, 2, 3, 4, 5].map((id) => ({ id })),
  )
})

test('pages are read only as fast as they are sent', async () => {
  let read = 0
  async function* endless(): AsyncGenerator<readonly Fields[]> {
    for (;;) yield [{ id: read++, name: 'x'.repeat(1_000) }]
  }
  const body = await listBody(json, { type: 'list', element: 'cert', pages: endless() })
  assert.ok(body instanceof Readable)
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.ok(read < 10, String(read))
  body.destroy()
})

test('a fault on the first page is thrown before anything is sent', async () => {
  async function* failing(): AsyncGenerator<readonly Fields[]> {
    throw new RangeError('no')
  }
  await assert.rejects(listBody(json, { type: 'list', element: 'ca', pages: failing() }), RangeError)
})

test('an XML list is one document', async () => {
  const expected =
    '<?xml version="1.0" encoding="UTF-8"?>\n<response><cert><id>1</id></cert><cert><id>2</id></cert></response>'
  assert.deepEqual(await written(xml, [1, 2]), { whole: true, text: expected })
  assert.equal((await written(xml)).text, '<?xml version="1.0" encoding="UTF-8"?>\n<response></response>')
})
