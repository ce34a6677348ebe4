import assert from 'node:assert/strict'
import { DerError } from '../../src/pki/der/errors.ts'
import { isPkiError } from '../../src/pki/errors.ts'

/** Code of the typed error that `read` raises, with the defect or field it names; fails on any other outcome. */
export function refusalOf(read: () => unknown): string {
  return outcomeOf(read) ?? assert.fail('the input was accepted')
}

/** As refusalOf, and undefined when `read` accepts; for inputs of which only that matters that nothing else happens. */
export function outcomeOf(read: () => unknown): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof DerError) {
      return error.code
    }
    if (isPkiError(error)) {
      return [error.code, ...factsOf(error.detail)].join(' ')
    }
    throw error
  }
}

function factsOf(detail: object): string[] {
  return Object.entries(detail).flatMap(([name, fact]) =>
    name === 'defect' || name === 'field' ? [String(fact)] : [],
  )
}
