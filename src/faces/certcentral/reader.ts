import { isEmailAddress } from '../../core/accounts/email-address.ts'
import { parseDay } from '../../core/days.ts'
import { isMembers, readFlag, readInteger, scalarText } from '../json-values.ts'
import type { Code, Complaint } from './codes.ts'
import { refuseAll } from './refusal.ts'
import { isPlainText, largestId } from './values.ts'

export interface TextOptions {
  /** Longest, in characters. Default 255. */
  readonly longest?: number
  /** Line ends and tabs are allowed. */
  readonly multiline?: boolean
  /** Every character but NUL is allowed, for what has a syntax of its own: CSRs, comments in any script. */
  readonly anyCharacter?: boolean
  /** Control characters are left to whoever has a code of their own for them. */
  readonly controlsLater?: boolean
  /** Blanks around it stay. */
  readonly asWritten?: boolean
}

/** The complaints of one body: parameters that are absent come before values that are wrong. */
interface Complaints {
  readonly required: Complaint[]
  readonly values: Complaint[]
}

const defaultLongest = 255

/**
 * Takes members out of a body, each by the type that is wanted. It takes what callers send for it: numbers as texts
 * and texts as numbers, `null`, the empty text and 0 as an id for absence. What is wrong is collected; `check` raises
 * all of it, with dotted names such as `certificate.csr` and `custom_fields.0.value`.
 *
 * A required member that is absent or wrong is read as an empty value, which nobody uses because `check` raises.
 */
export class Reader {
  readonly #members: Readonly<Record<string, unknown>>
  readonly #path: string
  readonly #complaints: Complaints

  constructor(
    members: Readonly<Record<string, unknown>>,
    path = '',
    complaints: Complaints = { required: [], values: [] },
  ) {
    this.#members = members
    this.#path = path
    this.#complaints = complaints
  }

  /**
   * Ends the reading of parameters: raises what is absent, else what is wrong.
   * @throws Refusal
   */
  check(): void {
    refuseAll(this.#complaints.required)
    refuseAll(this.#complaints.values)
  }

  /** Adds a complaint about a value, to be raised with the others. */
  complain(code: Code, name: string): void {
    add(this.#complaints.values, { code, about: this.name(name) })
  }

  /** Adds a complaint that something is absent, unless what it belongs into is there and wrong. */
  require(name: string): void {
    const own = this.name(name)
    const isInside = this.#complaints.values.some(({ about = '' }) => own.startsWith(`${about}.`))
    if (!isInside) add(this.#complaints.required, { code: 'required_param', about: own })
  }

  /** The same, unless one of the members that could stand for it is there and wrong. */
  requireUnlessWrong(name: string, others: readonly string[]): void {
    if (![name, ...others].some((each) => this.#isComplainedOf(each))) this.require(name)
  }

  /** The dotted name of a member, as complaints have it. */
  name(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }

  /** Whether there is anything but null or an empty text. */
  has(name: string): boolean {
    return this.#value(name) !== undefined
  }

  /** Whether null was sent, which some callers write for a text they do not have. */
  isNull(name: string): boolean {
    return Object.hasOwn(this.#members, name) && this.#members[name] === null
  }

  isObject(name: string): boolean {
    return isMembers(this.#value(name))
  }

  /** The first of several spellings of one member that is there, else the first. */
  spelling(...names: readonly [string, ...string[]]): string {
    return names.find((name) => this.has(name)) ?? names[0]
  }

  text(name: string, options: TextOptions = {}): string | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    return this.#textOf(name, value, options)
  }

  requiredText(name: string, options: TextOptions = {}): string {
    return this.#required(name, this.text(name, options), '')
  }

  /** An integer; text of decimal digits counts. */
  integer(name: string, lowest = 0, highest: number = largestId): number | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    const read = readInteger(value)
    if (read !== undefined && read >= lowest && read <= highest) return read
    this.complain('invalid_value', name)
    return undefined
  }

  requiredInteger(name: string, lowest = 0, highest: number = largestId): number {
    return this.#required(name, this.integer(name, lowest, highest), lowest)
  }

  /** The id of an object; 0 is none. */
  id(name: string): number | undefined {
    const read = this.integer(name)
    return read === 0 ? undefined : read
  }

  requiredId(name: string): number {
    return this.#required(name, this.id(name), 0)
  }

  /** The id of a member that is an object with `id`, or that id itself. */
  idOf(name: string): number | undefined {
    return isMembers(this.#value(name)) ? this.object(name).id('id') : this.id(name)
  }

  requiredIdOf(name: string): number {
    const read = this.idOf(name)
    if (read === undefined) this.#missing(name, `${name}.id`)
    return read ?? 0
  }

  flag(name: string): boolean | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    const read = readFlag(value)
    if (read === undefined) this.complain('invalid_value', name)
    return read
  }

  /** How many times: a number, or a flag for once and never. */
  count(name: string, most: number): number | undefined {
    const value = this.#value(name)
    return typeof value === 'boolean' ? Number(value) : this.integer(name, 0, most)
  }

  requiredFlag(name: string): boolean {
    return this.#required(name, this.flag(name), false)
  }

  /** One of a closed set, letter case ignored. */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    const text = scalarText(value)?.toLowerCase()
    const found = choices.find((choice) => choice.toLowerCase() === text)
    if (found === undefined) this.complain('invalid_value', name)
    return found
  }

  requiredChoice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    return this.#required(name, this.choice(name, choices), choices[0])
  }

  email(name: string): string | undefined {
    const value = this.text(name, { anyCharacter: true })
    if (value === undefined || isEmailAddress(value)) return value
    this.complain('email_not_valid_email_format', name)
    return undefined
  }

  requiredEmail(name: string): string {
    return this.#required(name, this.email(name), '')
  }

  /** A UTC day, `YYYY-MM-DD`; what follows it in a date-time is left out. */
  day(name: string): string | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    const text = scalarText(value) ?? ''
    const read = /^\d{4}-\d{2}-\d{2}(?=$|[T ])/.exec(text)?.[0]
    if (read !== undefined && parseDay(read) !== undefined) return read
    this.complain('invalid_value', name)
    return undefined
  }

  /** A list of texts without the empty ones; none when it is absent. */
  texts(name: string, options: TextOptions = {}): readonly string[] {
    return this.#list(name).flatMap(([place, value]) => {
      if (value === null || value === '') return []
      const text = this.#textOf(place, value, options)
      return text === undefined ? [] : [text]
    })
  }

  requiredTexts(name: string, options: TextOptions = {}): readonly string[] {
    const texts = this.texts(name, options)
    if (texts.length === 0) this.#missing(name, name)
    return texts
  }

  /** @param most more of them are complained of as a whole */
  emails(name: string, most = Number.POSITIVE_INFINITY): readonly string[] {
    return this.#bounded(name, this.texts(name, { anyCharacter: true }), most).filter((text, place) => {
      if (isEmailAddress(text)) return true
      this.complain('email_not_valid_email_format', `${name}.${place}`)
      return false
    })
  }

  /** @param most more of them are complained of as a whole */
  ids(name: string, most = Number.POSITIVE_INFINITY): readonly number[] {
    return this.#bounded(name, this.#list(name), most).flatMap(([place, value]) => {
      const read = readInteger(value)
      if (read !== undefined && read > 0 && read <= largestId) return [read]
      this.complain('invalid_value', place)
      return []
    })
  }

  /** The members of an object; none when it is absent. */
  object(name: string): Reader {
    const value = this.#value(name)
    if (value !== undefined && !isMembers(value)) this.complain('invalid_value', name)
    return new Reader(isMembers(value) ? value : {}, this.name(name), this.#complaints)
  }

  /** A list of objects; none when it is absent. */
  objects(name: string): readonly Reader[] {
    return this.#list(name).flatMap(([place, value]) => {
      if (isMembers(value)) return [new Reader(value, this.name(place), this.#complaints)]
      this.complain('invalid_value', place)
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

  #textOf(name: string, value: unknown, options: TextOptions): string | undefined {
    const text = options.asWritten && typeof value === 'string' ? value : scalarText(value)
    const longest = options.longest ?? defaultLongest
    // A text never has more characters than code units, and long ones need not be counted.
    if (text === undefined || (text.length > longest && [...text].length > longest)) {
      this.complain('invalid_value', name)
      return undefined
    }
    if (isPlainText(text, options)) return text
    this.complain('invalid_chars', name)
    return undefined
  }

  #list(name: string): readonly (readonly [place: string, value: unknown])[] {
    const value = this.#value(name)
    if (value === undefined) return []
    if (Array.isArray(value)) return value.map((each: unknown, place) => [`${name}.${place}`, each] as const)
    this.complain('invalid_value', name)
    return []
  }

  #bounded<Item>(name: string, items: readonly Item[], most: number): readonly Item[] {
    if (items.length <= most) return items
    this.complain('invalid_value', name)
    return []
  }

  #required<Value>(name: string, value: Value | undefined, empty: Value): Value {
    if (value === undefined) this.#missing(name, name)
    return value ?? empty
  }

  /** A member that is there but wrong has its complaint already. */
  #missing(member: string, name: string): void {
    const value = this.#value(member)
    const isAbsent =
      value === undefined || value === 0 || value === '0' || Array.isArray(value) || isMembers(value)
    if (isAbsent && !this.#isComplainedOf(name)) this.require(name)
  }

  #isComplainedOf(name: string): boolean {
    const own = this.name(name)
    return this.#complaints.values.some(({ about = '' }) => about === own || about.startsWith(`${own}.`))
  }
}

function add(complaints: Complaint[], complaint: Complaint): void {
  const isKnown = complaints.some(({ code, about }) => code === complaint.code && about === complaint.about)
  if (!isKnown) complaints.push(complaint)
}
