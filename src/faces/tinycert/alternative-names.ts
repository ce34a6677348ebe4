import type { NameRequest } from '../../core/policy/names/name-request.ts'
import type { FormFields } from './form.ts'
import { invalid } from './input-reason.ts'
import { isDecimal } from './parameters.ts'

/** The types as they are written in `SANs[i][TYPE]` and in `Alt`; letter case counts. */
const typeOfName: ReadonlyMap<string, NameRequest['type']> = new Map([
  ['DNS', 'dns'],
  ['IP', 'ip'],
  ['email', 'email'],
  ['URI', 'uri'],
])

/** Enough for every index that fits into a body. */
const longestIndex = 9

/**
 * The alternative names of a request, `SANs[i][TYPE]`, in the order of their numbers, whichever order they came
 * in. Gaps are allowed; one number may carry several types. None at all is an absent `SANs`.
 *
 * @throws Fault parameter_invalid naming the part that is empty or out of form
 */
export function readAlternativeNames(fields: FormFields): readonly NameRequest[] {
  const list = fields.get('SANs')
  if (list === undefined) return []
  if (typeof list === 'string') throw invalid('SANs', list === '' ? 'names-empty' : 'names-form')
  const numbered = [...list].map(([index, entry]) => {
    const parameter = `SANs[${index}]`
    // One spelling a number: `0` and `00` would be two entries of one index.
    const isIndex =
      isDecimal(index) && index.length <= longestIndex && (index === '0' || !index.startsWith('0'))
    if (!isIndex || typeof entry === 'string') throw invalid(parameter, 'names-form')
    return { index: Number(index), parameter, entry }
  })
  return numbered
    .toSorted((one, other) => one.index - other.index)
    .flatMap(({ parameter, entry }) => [...entry].map(([type, value]) => readName(parameter, type, value)))
}

function readName(parent: string, typeText: string, value: string | FormFields): NameRequest {
  const parameter = `${parent}[${typeText}]`
  const type = typeOfName.get(typeText)
  if (type === undefined) throw invalid(parameter, 'name-type')
  if (typeof value !== 'string') throw invalid(parameter, 'not-text')
  if (value === '') throw invalid(parameter, 'empty')
  return { type, value, parameter }
}
