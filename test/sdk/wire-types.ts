/** Types for holding two descriptions of JSON bodies against each other. */

type Scalar = string | number | boolean | null

/** What is left of a value in JSON: members that may be undefined may be absent. */
export type Wire<T> = T extends Scalar
  ? T
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : {
        readonly [Name in keyof T as undefined extends T[Name] ? never : Name]: Wire<T[Name]>
      } & {
        readonly [Name in keyof T as undefined extends T[Name] ? Name : never]?: Wire<
          Exclude<T[Name], undefined>
        >
      }

/**
 * The members of a type, one text each: `GET /x.items[].seat?.seat_id: string`. Members are optional that are so in one
 * alternative of a union, or absent from one; values that a text is limited to do not count.
 */
export type MembersOf<T, Place extends string> =
  | (T extends Scalar ? `${Place}: ${KindOf<T>}` : never)
  | ([ListIn<T>] extends [never] ? never : MembersOf<ListIn<T>[number], `${Place}[]`>)
  | ([ObjectIn<T>] extends [never] ? never : NamedMembers<ObjectIn<T>, Place>)

type KindOf<T extends Scalar> = T extends string
  ? 'string'
  : T extends number
    ? 'number'
    : T extends boolean
      ? 'boolean'
      : 'null'

type ListIn<T> = Extract<T, readonly unknown[]>
type ObjectIn<T> = Exclude<T, Scalar | readonly unknown[] | undefined>

type NamedMembers<T, Place extends string> = {
  [Name in NameIn<T>]: undefined extends ValueAt<T, Name>
    ? MembersOf<Exclude<ValueAt<T, Name>, undefined>, `${Place}.${Name}?`>
    : MembersOf<ValueAt<T, Name>, `${Place}.${Name}`>
}[NameIn<T>]

/** Of every alternative of a union. */
type NameIn<T> = T extends unknown ? Extract<keyof T, string> : never
type ValueAt<T, Name> = T extends unknown ? (Name extends keyof T ? T[Name] : undefined) : never

/** Refuses, by naming them, texts that should not be there. */
export type Nothing<Found extends never> = Found
