/**
 * Reading stored documents. Whoever can write to the database can put anything there, so every member is looked at
 * before it is believed.
 */

/** Raised for a document that none of our writers stored. */
export class DocumentUnsound extends Error {
  constructor(what: string) {
    super(`stored ${what} is not readable`)
    this.name = 'DocumentUnsound'
  }
}

/**
 * Takes the members of one JSON object, each checked for its form. Every method raises DocumentUnsound for a member
 * that is absent or of another form. The `OrNull` ones take null for absence, and absence for null: what was stored
 * before there was such a member has none.
 */
export class DocumentReader {
  readonly #members: Readonly<Record<string, unknown>>
  readonly #what: string
  readonly #outer: DocumentReader | undefined

  /**
   * @param what names the object in errors
   * @param outer the object it is a part of
   * @throws DocumentUnsound when it is not an object
   */
  constructor(document: unknown, what: string, outer?: DocumentReader) {
    if (!isObject(document)) throw new DocumentUnsound(pathOf(what, outer))
    this.#members = document
    this.#what = what
    this.#outer = outer
  }

  /** What it is called in errors: `order lead`. */
  get path(): string {
    return pathOf(this.#what, this.#outer)
  }

  text(name: string): string {
    const value = this.#members[name]
    return typeof value === 'string' ? value : this.#refuse(name)
  }

  textOrNull(name: string): string | null {
    return this.isNull(name) ? null : this.text(name)
  }

  /** A safe integer, negative ones included. */
  integer(name: string): number {
    const value = this.#members[name]
    return isInteger(value) ? value : this.#refuse(name)
  }

  integerOrNull(name: string): number | null {
    return this.isNull(name) ? null : this.integer(name)
  }

  /** Any finite number. */
  number(name: string): number {
    const value = this.#members[name]
    return typeof value === 'number' && Number.isFinite(value) ? value : this.#refuse(name)
  }

  flag(name: string): boolean {
    const value = this.#members[name]
    return typeof value === 'boolean' ? value : this.#refuse(name)
  }

  /** A member of a closed set. */
  member<Value extends string>(name: string, set: readonly Value[]): Value {
    const value = this.#members[name]
    return isAmong(set, value) ? value : this.#refuse(name)
  }

  memberOrNull<Value extends string>(name: string, set: readonly Value[]): Value | null {
    return this.isNull(name) ? null : this.member(name, set)
  }

  texts(name: string): readonly string[] {
    const values = this.#array(name)
    return values.every(isText) ? values : this.#refuse(name)
  }

  integers(name: string): readonly number[] {
    const values = this.#array(name)
    return values.every(isInteger) ? values : this.#refuse(name)
  }

  /** Members of a closed set, in their stored order. */
  members<Value extends string>(name: string, set: readonly Value[]): readonly Value[] {
    return this.#array(name).map((value) => (isAmong(set, value) ? value : this.#refuse(name)))
  }

  /** A list of objects, each read by `read`. */
  list<Item>(name: string, read: (item: DocumentReader) => Item): readonly Item[] {
    return this.#array(name).map((value) => read(new DocumentReader(value, name, this)))
  }

  object<Item>(name: string, read: (object: DocumentReader) => Item): Item {
    return read(new DocumentReader(this.#members[name], name, this))
  }

  objectOrNull<Item>(name: string, read: (object: DocumentReader) => Item): Item | null {
    return this.isNull(name) ? null : this.object(name, read)
  }

  /** Is there such a member? For unions that are told apart by their members. */
  has(name: string): boolean {
    return Object.hasOwn(this.#members, name)
  }

  /** Is it null or absent? For lists that may be. */
  isNull(name: string): boolean {
    return this.#members[name] == null
  }

  #array(name: string): readonly unknown[] {
    const value = this.#members[name]
    return Array.isArray(value) ? value : this.#refuse(name)
  }

  #refuse(name: string): never {
    throw new DocumentUnsound(pathOf(name, this))
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isAmong<Value extends string>(set: readonly Value[], value: unknown): value is Value {
  return set.some((each) => each === value)
}

function pathOf(what: string, outer: DocumentReader | undefined): string {
  return outer === undefined ? what : `${outer.path} ${what}`
}
