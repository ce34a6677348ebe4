/** One entry of `Alt`: the type as the API writes it, and the name. */
export interface AlternativeName {
  readonly type: 'DNS' | 'IP' | 'email' | 'URI'
  readonly value: string
}

/** The members of an answer, in the order they are written. Identifiers and times stay numbers. */
export type Fields = Readonly<Record<string, string | number | readonly AlternativeName[]>>

/** What an endpoint says when it succeeds; rendered as JSON or XML. */
export type Reply =
  | { readonly type: 'object'; readonly fields: Fields }
  /** Pages of a list, read while they are sent. `element` is what an entry is called in XML. */
  | {
      readonly type: 'list'
      readonly element: 'ca' | 'cert'
      readonly pages: AsyncIterable<readonly Fields[]>
    }

export function objectReply(fields: Fields): Reply {
  return { type: 'object', fields }
}

/** Success with nothing to say: every client needs a document, and Go needs it to be an object. */
export const emptyReply: Reply = objectReply({})

/** A list that was read whole. */
export async function* onePage(rows: readonly Fields[]): AsyncGenerator<readonly Fields[]> {
  yield rows
}
