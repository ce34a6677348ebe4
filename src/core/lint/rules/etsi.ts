import { DerReader } from '../../../pki/der/reader.ts'
import { IA5_STRING, INTEGER, PRINTABLE_STRING } from '../../../pki/der/tags.ts'
import { latin1 } from '../../../pki/octet-text.ts'
import { oids } from '../../../pki/oids.ts'
import type { CertificateView } from '../certificate-view.ts'
import { isEtsi, isTlsServer } from '../classification.ts'
import { hasAttribute } from '../name-view.ts'
import { ruleTable } from '../rule.ts'
import { usage } from './key-usage.ts'
import { quoted, schemeOf } from './text.ts'

const qcStatements = '1.3.6.1.5.5.7.1.3'
/** ETSI EN 319 412-5 section 4. */
const statements = {
  compliance: '0.4.0.1862.1.1',
  limitValue: '0.4.0.1862.1.2',
  retentionPeriod: '0.4.0.1862.1.3',
  secureDevice: '0.4.0.1862.1.4',
  disclosure: '0.4.0.1862.1.5',
  type: '0.4.0.1862.1.6',
  legislation: '0.4.0.1862.1.7',
} as const
const etsiArc = '0.4.0.1862.1.'
const typeWeb = `${statements.type}.3`

const states = (certificate: CertificateView, oid: string): boolean =>
  certificate.qcStatements.some((statement) => statement.oid === oid)
const hasEtsiStatement = (certificate: CertificateView): boolean =>
  certificate.qcStatements.some(({ oid }) => oid.startsWith(etsiArc))

/** Statements of qualified certificates, ETSI EN 319 412-5, and keys of natural persons, EN 319 412-2. */
export const etsiRules = ruleTable(
  { family: 'etsi', section: 'ETSI EN 319 412-5 section 4', scope: 'template', applies: hasEtsiStatement },
  [
    {
      id: 'etsi-statements-not-critical',
      check: (certificate) =>
        certificate.extension(qcStatements)?.critical === true ? 'critical' : undefined,
    },
    {
      id: 'etsi-statements-unique',
      check: ({ qcStatements: list }) => {
        const oidsOfList = list.map(({ oid }) => oid)
        const twice = oidsOfList.find((oid, index) => oidsOfList.indexOf(oid) !== index)
        return twice === undefined ? undefined : `statement ${twice} twice`
      },
    },
    {
      id: 'etsi-type-not-a-statement',
      section: 'ETSI EN 319 412-5 section 4.2.3',
      check: ({ qcStatements: list }) => {
        const odd = list.find(({ oid }) => oid.startsWith(`${statements.type}.`))
        return odd === undefined ? undefined : `type ${odd.oid} as a statement`
      },
    },
    {
      id: 'etsi-limit-value',
      section: 'ETSI EN 319 412-5 section 4.3.2',
      applies: (certificate) => states(certificate, statements.limitValue),
      check: (certificate) => limitProblem(infoOf(certificate, statements.limitValue)),
    },
    {
      id: 'etsi-disclosure',
      section: 'ETSI EN 319 412-5 section 4.3.4',
      applies: (certificate) => states(certificate, statements.disclosure),
      check: (certificate) => disclosureProblem(infoOf(certificate, statements.disclosure)),
    },
    {
      id: 'etsi-disclosure-https',
      section: 'ETSI EN 319 412-5 section 4.3.4',
      applies: (certificate) => states(certificate, statements.disclosure),
      check: (certificate) => {
        const odd = disclosures(infoOf(certificate, statements.disclosure)).find(
          ({ url }) => schemeOf(url) !== 'https',
        )
        return odd === undefined ? undefined : quoted(odd.url)
      },
    },
    {
      id: 'etsi-type-known',
      section: 'ETSI EN 319 412-5 section 4.2.3',
      applies: (certificate) => states(certificate, statements.type),
      check: (certificate) => {
        const types = typesOf(certificate)
        const odd = types.find((oid) => !/^0\.4\.0\.1862\.1\.6\.[123]$/.test(oid.slice(0, 40)))
        if (types.length === 0) return 'no type'
        return odd === undefined ? undefined : `type ${odd}`
      },
    },
    {
      id: 'etsi-type-one',
      section: 'ETSI EN 319 412-5 section 4.2.3',
      applies: (certificate) => states(certificate, statements.type),
      check: (certificate) => {
        const count = typesOf(certificate).length
        return count > 1 ? `${count} types` : undefined
      },
    },
    {
      id: 'etsi-type-web',
      section: 'ETSI EN 319 412-4 section 4.2',
      applies: (certificate) => states(certificate, statements.type) && isTlsServer(certificate),
      check: (certificate) => (typesOf(certificate).includes(typeWeb) ? undefined : 'no web type'),
    },
    {
      id: 'etsi-natural-person-key-usage',
      section: 'ETSI EN 319 412-2 section 4.3.2',
      scope: 'certificate',
      applies: isNaturalPerson,
      check: ({ keyUsage }) => {
        if (keyUsage === undefined) return 'absent'
        return naturalPersonUsages.includes(keyUsage) ? undefined : `bits ${keyUsage.toString(2)}`
      },
    },
  ],
)

/** Types A to F of EN 319 412-2 table 1. */
const naturalPersonUsages: readonly number[] = [
  usage.nonRepudiation,
  usage.nonRepudiation | usage.digitalSignature,
  usage.digitalSignature,
  usage.digitalSignature | usage.keyEncipherment,
  usage.digitalSignature | usage.keyAgreement,
  usage.nonRepudiation | usage.digitalSignature | usage.keyEncipherment,
  usage.nonRepudiation | usage.digitalSignature | usage.keyAgreement,
  usage.keyEncipherment,
  usage.keyAgreement,
]

/** EN 319 412-2 section 4.2.4: a natural person's subject has a personal name or a pseudonym. */
function isNaturalPerson(certificate: CertificateView): boolean {
  return (
    hasEtsiStatement(certificate) &&
    isEtsi(certificate) &&
    !isForServers(certificate) &&
    personal.some((type) => hasAttribute(certificate.subject, type))
  )
}

const personal: readonly string[] = [oids.givenName, oids.surname, oids.pseudonym]

function isForServers(certificate: CertificateView): boolean {
  return isTlsServer(certificate) || certificate.extKeyUsage?.includes(oids.serverAuth) === true
}

function infoOf(certificate: CertificateView, oid: string): Uint8Array {
  return certificate.qcStatements.find((statement) => statement.oid === oid)?.info ?? new Uint8Array(0)
}

function typesOf(certificate: CertificateView): string[] {
  const list = DerReader.ofSequence(infoOf(certificate, statements.type))
  const types: string[] = []
  while (!list.atEnd) {
    types.push(list.oid())
  }
  return types
}

/** MonetaryValue: an Iso4217CurrencyCode, an amount and an exponent. */
function limitProblem(info: Uint8Array): string | undefined {
  const fields = DerReader.ofSequence(info)
  const tag = fields.peekTag()
  const currency = latin1(fields.element())
  if (tag === PRINTABLE_STRING ? !isCurrency(currency) : tag !== INTEGER) {
    return `currency ${quoted(currency)}`
  }
  const amount = fields.integer()
  const exponent = fields.integer()
  fields.end()
  return (amount[0] ?? 0) > 0x7f || (exponent[0] ?? 0) > 0x7f ? 'negative' : undefined
}

function isCurrency(text: string): boolean {
  return text.length === 3 && [...text].every((character) => character >= 'A' && character <= 'Z')
}

interface Disclosure {
  readonly urlTag: number
  readonly url: string
  readonly languageTag: number
  readonly language: string
}

/** PdsLocations: a URL and the language of what is there. */
function disclosures(info: Uint8Array): Disclosure[] {
  const list = DerReader.ofSequence(info)
  const found: Disclosure[] = []
  while (!list.atEnd) {
    const fields = list.sequence()
    const urlTag = fields.peekTag()
    const url = latin1(fields.element())
    const languageTag = fields.peekTag()
    found.push({ urlTag, url, languageTag, language: latin1(fields.element()) })
  }
  return found
}

function disclosureProblem(info: Uint8Array): string | undefined {
  const list = disclosures(info)
  for (const { urlTag, url, languageTag, language } of list) {
    if (urlTag !== IA5_STRING) return `URL ${quoted(url)} of string type ${urlTag}`
    if (languageTag !== PRINTABLE_STRING) return `language ${quoted(language)} of string type ${languageTag}`
    if (!isLanguage(language)) return `language ${quoted(language)}`
  }
  return list.some(({ language }) => language.toLowerCase() === 'en') ? undefined : 'none in English'
}

/** ISO 639-1: two letters, as the standard writes them or in capitals. */
function isLanguage(text: string): boolean {
  return (
    text.length === 2 && [...text.toLowerCase()].every((character) => character >= 'a' && character <= 'z')
  )
}
