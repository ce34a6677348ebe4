import type { DomainRequest } from '../../../core/domains/add-domain.ts'
import type { ValidationMethod } from '../../../core/domains/domain.ts'
import type { Language } from '../../../core/faults.ts'
import { type ValidationType, validationTypes } from '../../../core/organizations/organization.ts'
import { normaliseHostName } from '../../../core/policy/names/host-name.ts'
import { defaultNameLimits } from '../../../core/policy/names/name-rules.ts'
import { readControlMethod } from '../control-method.ts'
import { domainNameCode } from '../domain-names.ts'
import type { Reader } from '../reader.ts'

/** What a domain is submitted with. @param language unless the body names one */
export function readDomain(body: Reader, language: Language): DomainRequest {
  const containerId = body.idOf('container') ?? body.id('container_id')
  const method = readMethod(body)
  return {
    name: readName(body),
    organizationId: body.requiredIdOf('organization'),
    types: readTypes(body),
    keepsWww: body.flag('keep_www') ?? false,
    emails: body.emails('email_array'),
    language: readLanguage(body, language),
    ...(method !== undefined && { method }),
    ...(containerId !== undefined && { containerId }),
  }
}

/** `validations`, which has to have one at least, each type once. */
export function readTypes(body: Reader): readonly ValidationType[] {
  const validations = body.objects('validations')
  if (validations.length === 0) body.requireUnlessWrong('validations', [])
  const types = validations.map((validation) => validation.requiredChoice('type', validationTypes))
  return [...new Set(types)]
}

/** `dcv_method`, which older callers write into an object. */
export function readMethod(body: Reader): ValidationMethod | undefined {
  return body.has('dcv_method') || !body.has('dcv')
    ? readControlMethod(body)
    : readControlMethod(body.object('dcv'), 'method')
}

/** The language of mails; every other than Japanese is answered in English. */
export function readLanguage(body: Reader, otherwise: Language): Language {
  const locale = body.text('locale', { longest: 16 })?.toLowerCase()
  if (locale === undefined) return otherwise
  return locale === 'ja' ? 'ja' : 'en'
}

function readName(body: Reader): string {
  const text = body.requiredText('name')
  if (text === '') return text
  const result = normaliseHostName(text, { labels: defaultNameLimits.labels, underscores: false })
  if ('value' in result) return result.value
  body.complain(domainNameCode(result.defect), 'name')
  return ''
}
