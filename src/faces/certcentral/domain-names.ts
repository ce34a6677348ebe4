import { normaliseHostName } from '../../core/policy/names/host-name.ts'
import { defaultNameLimits } from '../../core/policy/names/name-rules.ts'
import type { Reader } from './reader.ts'

/** A list of domains, in normal form and each once; those that are none are complained of by their place. */
export function readDomainNames(body: Reader, name: string): readonly string[] {
  const names = body.texts(name).flatMap((text, place) => {
    const result = normaliseHostName(text, { labels: defaultNameLimits.labels, underscores: false })
    if ('value' in result) return [result.value]
    body.complain('invalid_value', `${name}.${place}`)
    return []
  })
  return [...new Set(names)]
}
