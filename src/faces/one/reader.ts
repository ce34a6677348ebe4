import { isEmailAddress } from '../../core/accounts/email-address.ts'
import { parseDateTime, parseDay } from '../../core/days.ts'
import { isMembers, readFlag, readInteger, scalarText } from '../json-values.ts'
import { type IdKind, readId } from './ids.ts'
import { type Complaint, type MemberReason, refuseAll } from './refusal.ts'
import { isPlainText } from './values.ts'

export interface TextOptions {
  /** Longest, in characters. Default 255. */
  readonly longest?: number
  /** Shortest, in characters; for a text alone. */
  readonly shortest?: number
  /** Line ends and tabs are allowed, as in PEM. */
  readonly multiline?: boolean
}

const defaultLongest = 255

/**
 * Takes members out of a body, each by the type that is wanted. `null` and the empty text are absence, numbers and
 * flags may be texts. What is wrong is collected; `check` raises all of it, with dotted names such as
 * `attributes.subject.common_name` and `tags.0`.
 *
 * A required member that is absent or wrong is read as an empty value, which nobody uses because `check` raises.
 */
export class Reader {
  readonly #members: Readonly<Record<string, unknown>>
  readonly #path: string
  readonly #complaints: Complaint[]

  constructor(members: Readonly<Record<string, unknown>>, path = '', complaints: Complaint[] = []) {
    this.#members = members
    this.#path = path
    this.#complaints = complaints
  }

  /** Ends the reading: raises everything that is wrong. @throws Refusal */
  check(): void {
    refuseAll(this.#complaints)
  }

  /** Adds a complaint about a member, to be raised with the others. @param bound what it has to keep to */
  complain(reason: MemberReason, name: string, bound?: string): void {
    const field = this.name(name)
    if (this.#complaints.some((known) => known.field === field)) return
    this.#complaints.push({ reason, about: bound === undefined ? field : `${field} ${bound}`, field })
  }

  /** The dotted name of a member, as complaints have it. */
  name(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }

  /** Names of the members that are there. */
  names(): readonly string[] {
    return Object.keys(this.#members).filter((name) => this.has(name))
  }

  /** Whether there is anything but null or an empty text. */
  has(name: string): boolean {
    return this.#value(name) !== undefined
  }

  /** Whether the member is null: what is to be taken away. */
  isNull(name: string): boolean {
    return Object.hasOwn(this.#members, name) && this.#members[name] === null
  }

  isObject(name: string): boolean {
    return isMembers(this.#value(name))
  }

  isList(name: string): boolean {
    return Array.isArray(this.#value(name))
  }

  isEmptyList(name: string): boolean {
    const value = this.#value(name)
    return Array.isArray(value) && value.length === 0
  }

  /** Absent, or a list or object without anything in it. */
  isEmpty(name: string): boolean {
    const value = this.#value(name)
    return value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)
  }

  /** Absent, or nothing in it at any depth but null, false and empty texts: what typed clients send for "none". */
  isSilent(name: string): boolean {
    return isSilence(this.#value(name))
  }

  text(name: string, options: TextOptions = {}): string | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    const text = this.#textOf(name, value, options)
    const { shortest = 0 } = options
    if (text === undefined || [...text].length >= shortest) return text
    this.complain('member_short', name, `at least ${shortest} characters`)
    return undefined
  }

  requiredText(name: string, options: TextOptions = {}): string {
    return this.#required(name, this.text(name, options), '')
  }

  integer(name: string, lowest: number, highest: number): number | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    const read = readInteger(value)
    if (read !== undefined && read >= lowest && read <= highest) return read
    return this.#wrong(name)
  }

  requiredInteger(name: string, lowest: number, highest: number): number {
    return this.#required(name, this.integer(name, lowest, highest), lowest)
  }

  flag(name: string): boolean | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    return readFlag(value) ?? this.#wrong(name)
  }

  requiredFlag(name: string): boolean {
    return this.#required(name, this.flag(name), false)
  }

  /** One of a closed set, letter case ignored. */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    const text = scalarText(value)?.toLowerCase()
    return choices.find((choice) => choice.toLowerCase() === text) ?? this.#wrong(name)
  }

  requiredChoice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    return this.#required(name, this.choice(name, choices), choices[0])
  }

  email(name: string): string | undefined {
    const value = this.text(name)
    if (value === undefined || isEmailAddress(value)) return value
    return this.#wrong(name)
  }

  /** A UTC day, `YYYY-MM-DD`. */
  day(name: string): string | undefined {
    const value = this.text(name)
    if (value === undefined || parseDay(value) !== undefined) return value
    return this.#wrong(name)
  }

  /** A date-time of RFC 3339, in milliseconds. */
  instant(name: string): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const isWritten = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i.test(value)
    return (isWritten ? parseDateTime(value) : undefined) ?? this.#wrong(name)
  }

  /** The same, where only what lies ahead counts. @param now in milliseconds */
  comingInstant(name: string, now: number): number | undefined {
    const read = this.instant(name)
    if (read !== undefined && read <= now) this.complain('member_past', name)
    return read
  }

  /** The number in an id, in a text or as `{"id": …}`; 0, which nothing has, for one that nothing can have. */
  id(name: string, kind: IdKind): number | undefined {
    const text = this.isObject(name) ? this.object(name).text('id') : this.text(name)
    return text === undefined ? undefined : (readId(kind, text) ?? 0)
  }

  requiredId(name: string, kind: IdKind): number {
    const read = this.id(name, kind)
    if (read === undefined) this.complain('member_missing', this.isObject(name) ? `${name}.id` : name)
    return read ?? 0
  }

  /** A list of texts without the empty ones; none when it is absent. */
  texts(name: string, options: TextOptions = {}): readonly string[] {
    return this.#list(name).flatMap(([place, value]) => {
      if (value === null || value === '') return []
      return this.#textOf(place, value, options) ?? []
    })
  }

  /** The members of an object; none when it is absent. */
  object(name: string): Reader {
    const value = this.#value(name)
    if (value !== undefined && !isMembers(value)) this.complain('member_invalid', name)
    return new Reader(isMembers(value) ? value : {}, this.name(name), this.#complaints)
  }

  /** A list of objects; none when it is absent. */
  objects(name: string): readonly Reader[] {
    return this.#list(name).flatMap(([place, value]) => {
      if (isMembers(value)) return [new Reader(value, this.name(place), this.#complaints)]
      this.complain('member_invalid', place)
      return []
    })
  }

  /** Undefined for null and the empty text, too. */
  #value(name: string): unknown {
    if (!Object.hasOwn(this.#members, name)) return undefined
    const value = this.#members[name]
    if (value === null || (typeof value === 'string' && value.trim() === '')) return undefined
    return value
  }

  #textOf(name: string, value: unknown, { longest = defaultLongest, multiline }: TextOptions) {
    const text = scalarText(value)
    // A character has at most two code units, so that a long text need not be taken apart.
    const isShort = text !== undefined && text.length <= 2 * longest && [...text].length <= longest
    return isShort && isPlainText(text, multiline) ? text : this.#wrong(name)
  }

  #list(name: string): readonly (readonly [place: string, value: unknown])[] {
    const value = this.#value(name)
    if (value === undefined) return []
    if (Array.isArray(value)) return value.map((each: unknown, place) => [`${name}.${place}`, each] as const)
    this.complain('member_invalid', name)
    return []
  }

  #wrong(name: string): undefined {
    this.complain('member_invalid', name)
    return undefined
  }

  /** A member that is there but wrong has its complaint already. */
  #required<Value>(name: string, value: Value | undefined, empty: Value): Value {
    if (value === undefined) this.complain('member_missing', name)
    return value ?? empty
  }
}

function isSilence(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isSilence)
  return value === undefined || value === null || value === false || value === ''
}
