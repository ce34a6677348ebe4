import { formatIpAddress, parseIpAddress } from '../../../pki/ip-addresses.ts'
import { oids } from '../../../pki/oids.ts'
import { isALabel } from '../../policy/names/host-name.ts'
import type { CertificateView } from '../certificate-view.ts'
import { type GeneralNameView, nameTags } from '../extension-views.ts'
import { attributesOf, hasAttribute } from '../name-view.ts'
import { type Rule, type RuleEntry, ruleTable } from '../rule.ts'
import { hostOfUri, isAsciiText, isHostName, isLetterOrDigit, quoted, schemeOf } from './text.ts'

type NameCheck = (name: GeneralNameView) => string | undefined

/** What holds for the names of both alternative-name extensions. */
const nameChecks: readonly { id: string; section: string; check: NameCheck }[] = [
  {
    id: 'name-ia5',
    section: 'RFC 5280 section 4.2.1.6',
    check: (name) =>
      isText(name) && !isAsciiText(name.text) ? `${quoted(name.text)} is not ASCII` : undefined,
  },
  {
    id: 'name-not-empty',
    section: 'RFC 5280 section 4.2.1.6',
    check: (name) => (name.contents.length === 0 ? `an empty name of tag ${name.tag & 0x1f}` : undefined),
  },
  {
    id: 'name-no-control-characters',
    section: 'RFC 5280 section 4.2.1.6',
    check: (name) => (isText(name) && hasControl(name.text) ? quoted(name.text) : undefined),
  },
  {
    id: 'dns-name-syntax',
    section: 'RFC 5280 section 4.2.1.6, RFC 1034 section 3.5',
    check: ofType('dns', dnsProblem),
  },
  {
    id: 'dns-name-underscore',
    section: 'RFC 5280 section 4.2.1.6, RFC 1034 section 3.5',
    check: ofType('dns', (text) => (text.includes('_') ? quoted(text) : undefined)),
  },
  {
    id: 'dns-name-wildcard',
    section: 'RFC 6125 section 6.4.3',
    check: ofType('dns', (text) =>
      text.lastIndexOf('*') > 0 || (text.startsWith('*') && !text.startsWith('*.'))
        ? quoted(text)
        : undefined,
    ),
  },
  {
    id: 'dns-name-a-labels',
    section: 'RFC 5280 section 7.2, RFC 5891 section 5.4',
    check: ofType('dns', idnProblem),
  },
  { id: 'email-syntax', section: 'RFC 5280 section 4.2.1.6', check: ofType('email', emailProblem) },
  {
    id: 'uri-absolute',
    section: 'RFC 5280 section 4.2.1.6',
    check: ofType('uri', (text) => {
      const scheme = schemeOf(text)
      return scheme === undefined || text.length === scheme.length + 1
        ? `${quoted(text)} is no absolute URI`
        : undefined
    }),
  },
  { id: 'uri-host', section: 'RFC 5280 section 4.2.1.6', check: ofType('uri', uriHostProblem) },
  {
    id: 'ip-address-length',
    section: 'RFC 5280 section 4.2.1.6',
    check: ({ tag, contents }) =>
      tag === nameTags.ip && contents.length !== 4 && contents.length !== 16
        ? `${contents.length} octets`
        : undefined,
  },
]

function rulesFor(
  prefix: 'subject' | 'issuer',
  namesOf: (certificate: CertificateView) => readonly GeneralNameView[],
): RuleEntry[] {
  return nameChecks.map(({ id, section, check }) => ({
    id: `${prefix}-${id}`,
    section,
    scope: prefix === 'subject' ? 'certificate' : 'template',
    check: (certificate: CertificateView) => {
      for (const name of namesOf(certificate)) {
        const problem = check(name)
        if (problem !== undefined) {
          return problem
        }
      }
      return undefined
    },
  }))
}

/** Alternative names, RFC 5280 sections 4.2.1.6 and 4.2.1.7. */
export const generalNameRules: readonly Rule[] = ruleTable(
  { family: 'rfc', section: 'RFC 5280 section 4.2.1.6', scope: 'certificate' },
  [
    ...rulesFor('subject', (certificate) => certificate.subjectAltNames),
    ...rulesFor('issuer', (certificate) => certificate.issuerAltNames),
    {
      id: 'subject-alternative-names-not-empty',
      check: (certificate) =>
        certificate.has(oids.subjectAltName) && certificate.subjectAltNames.length === 0
          ? 'no entries'
          : undefined,
    },
    {
      id: 'subject-or-alternative-name',
      section: 'RFC 5280 section 4.1.2.6',
      check: (certificate) => {
        if (certificate.subject.length > 0) return undefined
        const names = certificate.extension(oids.subjectAltName)
        if (names === undefined) return 'empty subject and no alternative names'
        return names.critical ? undefined : 'empty subject and alternative names not critical'
      },
    },
    {
      id: 'subject-email-among-names',
      section: 'RFC 5280 section 4.1.2.6',
      check: (certificate) => {
        if (!hasAttribute(certificate.subject, oids.emailAddress)) return undefined
        const names = certificate.subjectAltNames.filter(({ tag }) => tag === nameTags.email)
        const missing = attributesOf(certificate.subject, oids.emailAddress).find(
          ({ text }) => !names.some((name) => sameMailbox(name.text, text)),
        )
        return missing === undefined ? undefined : `${quoted(missing.text)} only in the subject`
      },
    },
  ],
)

function ofType(type: keyof typeof nameTags, check: (text: string) => string | undefined): NameCheck {
  return ({ tag, text }) => (tag === nameTags[type] ? check(text) : undefined)
}

function isText({ tag }: GeneralNameView): boolean {
  return tag === nameTags.dns || tag === nameTags.email || tag === nameTags.uri
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x7f) {
      return true
    }
  }
  return false
}

/** Underscores and wildcards have rules of their own, because a CA can be granted the first. */
function dnsProblem(text: string): string | undefined {
  const name = text.startsWith('*.') ? text.slice(2) : text
  if (text === '' || isHostName(name)) {
    return undefined
  }
  return isHostName(name.replaceAll('_', 'u').replaceAll('*', 'w')) ? undefined : quoted(text)
}

function idnProblem(text: string): string | undefined {
  for (const label of text.split('.')) {
    const lower = label.toLowerCase()
    if (lower.startsWith('xn--') && label.length <= 63 && !isALabel(lower)) {
      return `${quoted(label)} is no A-label`
    }
  }
  return undefined
}

/** A Mailbox in dot-atom form; quoted strings are left to those who issue them. */
function emailProblem(text: string): string | undefined {
  const at = text.lastIndexOf('@')
  if (text.startsWith('"') && at > 1) {
    return undefined
  }
  const local = text.slice(0, Math.max(at, 0))
  const sound = at > 0 && isHostName(text.slice(at + 1)) && isDotAtom(local)
  return sound || !isAsciiText(text) ? undefined : quoted(text)
}

function isDotAtom(local: string): boolean {
  return local.split('.').every((atom) => {
    for (let index = 0; index < atom.length; index += 1) {
      if (!isLetterOrDigit(atom.charCodeAt(index)) && !"!#$%&'*+-/=?^_`{|}~".includes(atom.charAt(index))) {
        return false
      }
    }
    return atom !== ''
  })
}

/** Host parts differ in case only; local parts are the mail host's affair. */
function sameMailbox(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

function uriHostProblem(text: string): string | undefined {
  const host = hostOfUri(text)
  if (host === undefined || !isAsciiText(text)) {
    return undefined
  }
  const sound = parseIpAddress(host) !== undefined || (isHostName(host) && host.includes('.'))
  return sound ? undefined : `host ${quoted(host)}`
}

/** How an alternative name is written as a common name. */
export function nameAsText(name: GeneralNameView): string | undefined {
  if (name.tag === nameTags.dns) {
    return name.text
  }
  const { length } = name.contents
  return name.tag === nameTags.ip && (length === 4 || length === 16)
    ? formatIpAddress(name.contents)
    : undefined
}
