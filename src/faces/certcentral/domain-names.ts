import type { NameDefect } from '../../core/faults.ts'
import { normaliseHostName } from '../../core/policy/names/host-name.ts'
import { defaultNameLimits } from '../../core/policy/names/name-rules.ts'
import type { Code } from './codes.ts'
import { isCharacterDefect } from './name-defects.ts'
import type { Reader } from './reader.ts'

/** The code for what is wrong with a domain, which has no wildcard. */
export const domainNameCode = (defect: NameDefect): Code =>
  defect === 'wildcard' || isCharacterDefect(defect) ? 'invalid_chars' : 'invalid_value'

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
