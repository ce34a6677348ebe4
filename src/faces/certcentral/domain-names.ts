import { normaliseHostName } from '../../core/policy/names/host-name.ts'
import { defaultNameLimits } from '../../core/policy/names/name-rules.ts'
import type { Code } from './codes.ts'
import type { Reader } from './reader.ts'

/** Defects of single characters, which have a code of their own. */
const characterDefects: ReadonlySet<string> = new Set([
  'character',
  'control-character',
  'underscore',
  'wildcard',
])

/** The code for what is wrong with a domain. */
export const domainNameCode = (defect: string): Code =>
  characterDefects.has(defect) ? 'invalid_chars' : 'invalid_value'

/** A list of domains, in normal form and each once; those that are none are complained of by their place. */
export function readDomainNames(body: Reader, name: string): readonly string[] {
  const names = body.texts(name).flatMap((text, place) => {
    const result = normaliseHostName(text, { labels: defaultNameLimits.labels, underscores: false })
    if ('value' in result) return [result.value]
    body.complain(domainNameCode(result.defect), `${name}.${place}`)
    return []
  })
  return [...new Set(names)]
}
