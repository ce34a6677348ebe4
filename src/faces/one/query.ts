import { isMembers, readFlag, readInteger } from '../json-values.ts'
import { type IdKind, readId } from './ids.ts'
import { Refusal, refuseParameter } from './refusal.ts'
import type { Window } from './reply.ts'

/** How far a list can be read. */
export interface WindowBounds {
  /** When the caller names no limit. Default 20. */
  readonly usual?: number
  /** Largest limit. Default 1000. */
  readonly most?: number
  /** Largest sum of offset and limit; absent: none. */
  readonly deepest?: number
}

/** A part of the order of a list. */
export interface Sorting<Column extends string> {
  readonly column: Column
  readonly descending: boolean
}

const furthestOffset = 2 ** 31 - 1

/**
 * The part of a list that a caller asked for.
 * @param offset 0 or more
 * @param limit 1 or more
 * @throws Refusal window_too_deep
 */
export function windowWithin(
  { usual = 20, most = 1000, deepest }: WindowBounds,
  offset = 0,
  limit = usual,
): Window {
  if (deepest === undefined) {
    return { offset: Math.min(offset, furthestOffset), limit: Math.min(limit, most) }
  }
  if (limit > most || offset + limit > deepest) {
    throw new Refusal([
      {
        reason: 'window_too_deep',
        about: `limit at most ${most}, offset + limit at most ${deepest}`,
        facts: { max_result_window: deepest, max_limit: most },
      },
    ])
  }
  return { offset, limit }
}

/** The parameters of a query string, percent-decoded. A name such as `__proto__` is a name like any other. */
export class Query {
  readonly #parameters: URLSearchParams

  /** @param url target of the request, with or without `?` */
  constructor(url: string) {
    const mark = url.indexOf('?')
    this.#parameters = new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1))
  }

  /** The first value; undefined when it is absent or empty. */
  text(name: string): string | undefined {
    const value = this.#parameters.get(name)?.trim()
    return value === '' ? undefined : value
  }

  /** @throws Refusal parameter_missing */
  requiredText(name: string): string {
    const value = this.text(name)
    if (value === undefined) throw refuseParameter('parameter_missing', name)
    return value
  }

  /** Every value that is not empty. */
  texts(name: string): readonly string[] {
    return this.#parameters.getAll(name).flatMap((value) => (value.trim() === '' ? [] : [value.trim()]))
  }

  /** @throws Refusal parameter_invalid */
  flag(name: string): boolean | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    return readFlag(value) ?? this.#refuse(name)
  }

  /** One of a closed set, letter case ignored. @throws Refusal parameter_invalid */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(name)?.toLowerCase()
    if (value === undefined) return undefined
    return choices.find((choice) => choice.toLowerCase() === value) ?? this.#refuse(name)
  }

  /** Any of a closed set, letter case ignored, repeated or with commas between. @throws Refusal parameter_invalid */
  choices<Choice extends string>(name: string, choices: readonly Choice[]): readonly Choice[] {
    const written = this.texts(name).flatMap((value) => value.toLowerCase().split(','))
    return written.map(
      (value) => choices.find((choice) => choice.toLowerCase() === value.trim()) ?? this.#refuse(name),
    )
  }

  /** Parameters that name a member of an object: of `data[serial]=4C`, the member `serial` and the value. */
  members(name: string): readonly (readonly [member: string, value: string])[] {
    return [...this.#parameters].flatMap(([key, value]) =>
      key.startsWith(`${name}[`) && key.endsWith(']')
        ? [[key.slice(name.length + 1, -1), value.trim()] as const]
        : [],
    )
  }

  /** The number in an id; 0, which nothing has, for one that nothing can have. */
  id(name: string, kind: IdKind): number | undefined {
    const value = this.text(name)
    return value === undefined ? undefined : (readId(kind, value) ?? 0)
  }

  /**
   * The id of an object that is written as JSON (`account={"id":"…"}`), as a member (`account.id=…`), or alone
   * (`account=…`, `account_id=…`).
   */
  objectId(name: string): string | undefined {
    const written = this.text(name)
    if (written !== undefined && !written.startsWith('{')) return written
    const id = jsonMembers(written)?.id
    return typeof id === 'string' ? id : (this.text(`${name}.id`) ?? this.text(`${name}_id`))
  }

  /**
   * `offset` and `limit`.
   * @throws Refusal parameter_invalid, parameter_too_small, window_too_deep
   */
  window(bounds: WindowBounds = {}): Window {
    return windowWithin(bounds, this.#integer('offset', 0), this.#integer('limit', 1))
  }

  /** `sort=field` and `sort=field:desc`; several sort one after the other, unknown fields are left out. */
  sort<Column extends string>(columns: Readonly<Record<string, Column>>): readonly Sorting<Column>[] {
    return this.texts('sort').flatMap((written) => {
      const [field = '', direction = ''] = written.split(':', 2)
      const column = Object.hasOwn(columns, field) ? columns[field] : undefined
      return column === undefined ? [] : [{ column, descending: direction.toLowerCase() === 'desc' }]
    })
  }

  #integer(name: string, lowest: number): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const read = readInteger(value) ?? this.#refuse(name)
    if (read < lowest) throw refuseParameter('parameter_too_small', name)
    return read
  }

  #refuse(name: string): never {
    throw refuseParameter('parameter_invalid', name)
  }
}

const longestJson = 2_000

function jsonMembers(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined || text.length > longestJson || !text.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isMembers(value) ? value : undefined
  } catch {
    return undefined
  }
}
