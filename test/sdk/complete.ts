type Scalar = string | number | boolean | null

/**
 * A request that leaves out nothing that its type names: written as `{…} satisfies Complete<SeatRequest>`, a member
 * that the type does not name is refused as well.
 */
export type Complete<T> = T extends Scalar
  ? T
  : T extends readonly (infer Item)[]
    ? readonly [Complete<Item>, ...Complete<Item>[]]
    : { readonly [Name in keyof T]-?: Complete<Exclude<T[Name], undefined>> }
