import { readFlag, readInteger } from '../json-values.ts'
import { refuse } from './refusal.ts'
import { largestId } from './values.ts'

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
    const value = this.#parameters.get(name)
    return value === null || value.trim() === '' ? undefined : value.trim()
  }

  /** @throws Refusal invalid_value */
  integer(name: string, lowest: number, highest: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const read = readInteger(text)
    if (read === undefined || read < lowest || read > highest) throw refuse('invalid_value', name)
    return read
  }

  /** The id of an object. @throws Refusal invalid_value */
  id(name: string): number | undefined {
    return this.integer(name, 1, largestId)
  }

  /** @throws Refusal invalid_value */
  flag(name: string): boolean | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const read = readFlag(text)
    if (read === undefined) throw refuse('invalid_value', name)
    return read
  }

  /** Values of `filters[<property>]`, `filters[<property>][0]`, `[1]` … by property. */
  filters(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>()
    for (const [name, value] of this.#parameters) {
      const property = /^filters\[([^[\]]+)\](?:\[\d*\])?$/.exec(name)?.[1]
      if (property === undefined || value === '') continue
      const values = found.get(property) ?? []
      values.push(value)
      found.set(property, values)
    }
    return found
  }
}
