import { type ValidationMethod, validationMethods } from '../../core/domains/domain.ts'
import type { Reader } from './reader.ts'

/** The newer words for one method: what is fetched is the same. */
const newerWords = ['http-token-static', 'http-token-dynamic'] as const

type MethodWord = ValidationMethod | (typeof newerWords)[number]

const words: readonly [MethodWord, ...MethodWord[]] = [...validationMethods, ...newerWords]

/** How control is proven; undefined where the caller does not say. */
export function readControlMethod(body: Reader, member = 'dcv_method'): ValidationMethod | undefined {
  const word = body.choice(member, words)
  return word && methodOf(word)
}

export function requiredControlMethod(body: Reader, member = 'dcv_method'): ValidationMethod {
  return methodOf(body.requiredChoice(member, words))
}

/** The method of a word, in any letter case; undefined for a word that names none. */
export function controlMethodOf(text: string): ValidationMethod | undefined {
  const word = words.find((each) => each === text.toLowerCase())
  return word && methodOf(word)
}

function methodOf(word: MethodWord): ValidationMethod {
  return word === 'http-token-static' || word === 'http-token-dynamic' ? 'http-token' : word
}
