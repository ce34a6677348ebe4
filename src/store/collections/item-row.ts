import type { CollectionDefinition, CollectionItem } from '../../core/store/collection.ts'
import { DocumentUnsound } from '../../core/store/document.ts'
import type { ItemRow, ItemValues } from './item-values.ts'
import { termsText } from './terms.ts'

/** Every column of a collection's table. */
export function columnsOf({
  columns,
  terms,
}: {
  readonly columns: object
  readonly terms?: unknown
}): readonly string[] {
  return ['id', 'account_id', ...Object.keys(columns), ...(terms === undefined ? [] : ['terms']), 'document']
}

export function valuesOf<Item extends CollectionItem, Column extends string>(
  definition: CollectionDefinition<Item, Column>,
  item: Item,
): ItemValues {
  return {
    ...definition.values(item),
    id: item.id,
    account_id: item.accountId,
    document: JSON.stringify(item),
    ...(definition.terms !== undefined && { terms: termsText(definition.terms(item)) }),
  }
}

/**
 * Reads items back.
 * @returns what raises DocumentUnsound for a row that none of our writers stored
 */
export function itemReader<Item extends CollectionItem>(
  definition: Pick<CollectionDefinition<Item, string>, 'name' | 'parse'>,
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
