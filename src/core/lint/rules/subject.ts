import * as tags from '../../../pki/der/tags.ts'
import { isPrintableString } from '../../../pki/der/writer.ts'
import { oids } from '../../../pki/oids.ts'
import { isEtsi } from '../classification.ts'
import { type AttributeView, attributesOf, type NameView } from '../name-view.ts'
import { type RuleEntry, ruleTable } from '../rule.ts'
import { quoted } from './text.ts'

/** Upper bounds that RFC 5280 appendix A.1 and its forerunners state; the rest is left to the profiles. */
const bounded: readonly [id: string, oid: string, limit: number][] = [
  ['common-name-length', oids.commonName, 64],
  ['country-length', oids.countryName, 2],
  ['locality-length', oids.localityName, 128],
  ['state-length', oids.stateOrProvinceName, 128],
  ['organization-length', oids.organizationName, 64],
  ['organizational-unit-length', oids.organizationalUnitName, 64],
  ['serial-number-attribute-length', oids.serialNumber, 64],
  ['email-length', oids.emailAddress, 255],
  ['postal-code-length', oids.postalCode, 16],
  ['street-length', oids.streetAddress, 128],
  ['title-length', oids.title, 64],
  ['pseudonym-length', oids.pseudonym, 128],
]

/** The subject's and issuer's attributes as RFC 5280 sees them. */
export const subjectRules = ruleTable(
  { family: 'rfc', section: 'RFC 5280 appendix A.1', scope: 'certificate' },
  [
    ...bounded.map(
      ([id, oid, limit]): RuleEntry => ({
        id,
        // EN 319 412-2 section 4.2.4 and 412-3 section 4.2.1 lift the bounds of RFC 5280.
        applies: (certificate) => !isEtsi(certificate),
        check: ({ subject }) => {
          const long = attributesOf(subject, oid).find(({ text }) => characters(text) > limit)
          return long === undefined ? undefined : `${characters(long.text)} characters, at most ${limit}`
        },
      }),
    ),
    {
      id: 'subject-string-alphabet',
      section: 'X.680 section 41',
      check: ({ subject }) => alphabetProblem(subject),
    },
    {
      id: 'subject-country-printable',
      check: ({ subject }) => countryTagProblem(subject),
    },
    {
      id: 'issuer-country-printable',
      scope: 'template',
      check: ({ issuer }) => countryTagProblem(issuer),
    },
    {
      id: 'subject-attribute-not-empty',
      section: 'RFC 5280 section 4.1.2.4',
      check: ({ subject }) => {
        const empty = subject.find(({ contents }) => contents.length === 0)
        return empty === undefined ? undefined : `attribute ${empty.type} is empty`
      },
    },
    {
      id: 'ca-subject-present',
      section: 'RFC 5280 section 4.1.2.6',
      check: ({ isCa, subject }) => (isCa && subject.length === 0 ? 'empty subject' : undefined),
    },
  ],
)

/** What no document forbids and is always a mistake. */
export const subjectCraftRules = ruleTable(
  { family: 'craft', section: 'good practice', scope: 'certificate' },
  [
    {
      id: 'country-upper-case',
      check: ({ subject }) => {
        const lower = attributesOf(subject, oids.countryName).find(({ text }) => text !== text.toUpperCase())
        return lower === undefined ? undefined : quoted(lower.text)
      },
    },
    {
      id: 'subject-html-entity',
      check: ({ subject }) => {
        const found = subject.find(({ text }) => hasHtmlEntity(text))
        return found === undefined ? undefined : quoted(found.text)
      },
    },
    {
      id: 'subject-mojibake',
      check: ({ subject }) => {
        const found = subject.find(isMojibake)
        return found === undefined ? undefined : `${quoted(found.text)} is UTF-8 read as ISO 8859-1`
      },
    },
  ],
)

export function characters(text: string): number {
  let count = 0
  for (const _ of text) {
    count += 1
  }
  return count
}

function alphabetProblem(name: NameView): string | undefined {
  const odd = name.find(
    ({ tag, text, wellFormed }) => !wellFormed || (tag === tags.PRINTABLE_STRING && !isPrintableString(text)),
  )
  return odd === undefined ? undefined : `attribute ${odd.type}: ${quoted(odd.text)}`
}

function countryTagProblem(name: NameView): string | undefined {
  const odd = attributesOf(name, oids.countryName).find(({ tag }) => tag !== tags.PRINTABLE_STRING)
  return odd === undefined ? undefined : 'countryName is no PrintableString'
}

/** `&amp;`, `&#39;` and their like, bounded so that it stays linear. */
function hasHtmlEntity(text: string): boolean {
  for (let start = text.indexOf('&'); start !== -1; start = text.indexOf('&', start + 1)) {
    const end = text.indexOf(';', start)
    if (end !== -1 && end - start <= 10 && end - start >= 3 && isEntityName(text.slice(start + 1, end))) {
      return true
    }
  }
  return false
}

function isEntityName(name: string): boolean {
  const body = name.startsWith('#') ? name.slice(1) : name
  for (let index = 0; index < body.length; index += 1) {
    const character = body.charAt(index).toLowerCase()
    if (!((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9'))) {
      return false
    }
  }
  return body !== ''
}

/**
 * A whole sequence of UTF-8 octets standing as characters, such as `Ã¼`; a letter before a sign, as in `Nestlé®`,
 * is none.
 */
function isMojibake({ text }: AttributeView): boolean {
  for (let index = 0; index + 1 < text.length; index += 1) {
    const trails = trailCount(text.charCodeAt(index))
    if (trails > 0 && areTrails(text, index + 1, trails)) {
      return true
    }
  }
  return false
}

/** How many octets follow this first octet of a UTF-8 sequence; 0 when it starts none. */
function trailCount(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 1
  if (lead >= 0xe0 && lead <= 0xef) return 2
  return lead >= 0xf0 && lead <= 0xf4 ? 3 : 0
}

function areTrails(text: string, start: number, count: number): boolean {
  for (let index = start; index < start + count; index += 1) {
    const code = text.charCodeAt(index)
    if (!(code >= 0x80 && code <= 0xbf)) {
      return false
    }
  }
  return true
}
