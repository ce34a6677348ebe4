import type { CollectionDefinition, CollectionItem } from '../../core/store/collection.ts'
import { DocumentUnsound } from '../../core/store/document.ts'

export interface ItemRow {
  readonly id: number
  readonly account_id: number
  readonly document: string
}

/**
 * Reads items back.
 * @returns what raises DocumentUnsound for a row that none of our writers stored
 */
export function itemReader<Item extends CollectionItem>(
  definition: CollectionDefinition<Item, string>,
): (row: ItemRow) => Item {
  return (row) => {
    const item = definition.parse(parseJson(row.document, definition.name))
    // The columns decide who sees a row, so the document must not say otherwise.
    if (item.id !== row.id || item.accountId !== row.account_id) throw new DocumentUnsound(definition.name)
    return item
  }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DocumentUnsound(what)
  }
}
