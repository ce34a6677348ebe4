import { Readable } from 'node:stream'
import type { Format } from './format.ts'
import type { Reply } from './reply.ts'

type List = Extract<Reply, { readonly type: 'list' }>

/** Opening, two pages and closing. */
const chunksSentWhole = 4

/**
 * The body of a list. A short one is made whole, so that it has a length; a long one is written while it is
 * read from the store. A fault on the first pages is thrown here, before anything is sent.
 */
export async function listBody(format: Format, list: List): Promise<Buffer | Readable> {
  const chunks = chunksOf(format, list)
  const ready: string[] = []
  while (ready.length <= chunksSentWhole) {
    const next = await chunks.next()
    if (next.done === true) return Buffer.from(ready.join(''))
    ready.push(next.value)
  }
  return Readable.from(followed(ready.join(''), chunks))
}

async function* chunksOf({ list }: Format, { element, pages }: List): AsyncGenerator<string> {
  yield list.open
  let separator = ''
  for await (const page of pages) {
    const rows = page.map((row) => list.row(element, row)).join(list.separator)
    if (rows === '') continue
    yield separator + rows
    separator = list.separator
  }
  yield list.close
}

async function* followed(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first
  yield* rest
}
