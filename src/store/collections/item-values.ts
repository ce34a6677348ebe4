export interface ItemRow {
  readonly id: number
  readonly account_id: number
  readonly document: string
}

/** A whole row, by column. */
export type ItemValues = Readonly<Record<string, unknown>> & {
  readonly id: number
  readonly account_id: number
}
