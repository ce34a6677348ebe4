import type { Language } from './faults.ts'

/**
 * The language of an answer, by `Accept-Language` (RFC 9110 section 12.5.4): the listed one of highest
 * weight that we speak, the first of equals; English when none is.
 */
export function languageOf(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return 'en'
  let best: Language = 'en'
  let bestWeight = 0
  for (const range of acceptLanguage.split(',')) {
    const [tag = '', ...parameters] = range.split(';')
    const language = languageOfTag(tag.trim().toLowerCase())
    const weight = weightOf(parameters)
    if (language !== undefined && weight > bestWeight) {
      best = language
      bestWeight = weight
    }
  }
  return best
}

function languageOfTag(tag: string): Language | undefined {
  if (tag === 'ja' || tag.startsWith('ja-')) return 'ja'
  if (tag === 'en' || tag.startsWith('en-') || tag === '*') return 'en'
  return undefined
}

function weightOf(parameters: readonly string[]): number {
  const written = parameters.map((parameter) => parameter.trim()).find((parameter) => /^q=/i.test(parameter))
  if (written === undefined) return 1
  const weight = Number(written.slice(2))
  return weight >= 0 && weight <= 1 ? weight : 0
}
