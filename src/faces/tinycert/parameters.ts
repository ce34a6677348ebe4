import { Fault } from '../../core/faults.ts'
import type { FormFields } from './form.ts'
import { invalid } from './input-reason.ts'

/** Largest identifier there is: clients read them into 32 bits. */
const largestIdentifier = 2 ** 31 - 1

/**
 * Checks that parameters are there at all, in the order given. An empty one is there.
 * @throws Fault parameter_missing naming the first that is absent
 */
export function requirePresent(fields: FormFields, names: readonly string[]): void {
  for (const name of names) {
    if (!fields.has(name)) throw new Fault('parameter_missing', { parameter: name })
  }
}

/**
 * The text of a required parameter.
 * @throws Fault parameter_missing, parameter_invalid when it is nested or empty
 */
export function requiredText(fields: FormFields, name: string): string {
  requirePresent(fields, [name])
  const text = textOf(fields, name)
  if (text === '') throw invalid(name, 'empty')
  return text
}

/**
 * The text of an optional parameter; empty when it is absent, because an empty one counts as not given.
 * @throws Fault parameter_invalid when it is nested
 */
export function optionalText(fields: FormFields, name: string): string {
  return fields.has(name) ? textOf(fields, name) : ''
}

/**
 * A decimal identifier. Digits that lead beyond every identifier there can be give null: nothing has it.
 * @throws Fault parameter_missing, parameter_invalid
 */
export function requiredId(fields: FormFields, name: string): number | null {
  const text = requiredText(fields, name)
  if (text.length > 20 || !isDecimal(text)) throw invalid(name, 'not-an-id')
  const id = Number(text)
  return id <= largestIdentifier ? id : null
}

function textOf(fields: FormFields, name: string): string {
  const value = fields.get(name)
  if (typeof value !== 'string') throw invalid(name, 'not-text')
  return value
}

/** ASCII digits only, at least one. */
export function isDecimal(text: string): boolean {
  return /^[0-9]+$/.test(text)
}
