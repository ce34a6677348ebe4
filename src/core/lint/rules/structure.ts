import { GENERALIZED_TIME } from '../../../pki/der/tags.ts'
import { checkExtensionValue } from '../../../pki/extensions/known-extensions.ts'
import { parseName } from '../../../pki/names.ts'
import type { ExtensionView } from '../certificate-view.ts'
import { isTlsServer } from '../classification.ts'
import { ruleTable } from '../rule.ts'
import type { TimeView } from '../time-view.ts'
import { problemOf } from './problem.ts'

/** Years up to this one are written as UTCTime. */
const lastUtcYear = 2049

/** The fields of tbsCertificate beside names and keys. */
export const structureRules = ruleTable(
  { family: 'rfc', section: 'RFC 5280 section 4.1', scope: 'certificate' },
  [
    {
      id: 'version-3',
      section: 'RFC 5280 section 4.1.2.1',
      scope: 'template',
      check: ({ version, extensions }) =>
        extensions.length > 0 && version !== 2
          ? `extensions in a certificate of version ${version + 1}`
          : undefined,
    },
    {
      id: 'no-unique-identifiers',
      section: 'RFC 5280 section 4.1.2.8',
      scope: 'template',
      check: ({ hasUniqueIdentifier }) =>
        hasUniqueIdentifier ? 'issuer or subject unique identifier' : undefined,
    },
    {
      id: 'serial-number-positive',
      section: 'RFC 5280 section 4.1.2.2',
      check: ({ serialNumber }) => {
        if ((serialNumber[0] ?? 0x80) > 0x7f) return 'negative'
        return serialNumber.every((octet) => octet === 0) ? 'zero' : undefined
      },
    },
    {
      id: 'serial-number-length',
      section: 'RFC 5280 section 4.1.2.2',
      check: ({ serialNumber }) => (serialNumber.length > 20 ? `${serialNumber.length} octets` : undefined),
    },
    {
      id: 'serial-number-encoding',
      section: 'X.690 section 8.3.2',
      check: ({ serialNumber: [first = 0, second] }) =>
        second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
          ? 'not in fewest octets'
          : undefined,
    },
    {
      id: 'time-encoding',
      section: 'RFC 5280 section 4.1.2.5',
      check: ({ notBefore, notAfter }) =>
        timeProblem('notBefore', notBefore) ?? timeProblem('notAfter', notAfter),
    },
    {
      id: 'validity-order',
      section: 'RFC 5280 section 4.1.2.5',
      check: ({ notBefore, notAfter }) =>
        notAfter.instant < notBefore.instant ? 'notAfter lies before notBefore' : undefined,
    },
    {
      id: 'issuer-present',
      section: 'RFC 5280 section 4.1.2.4',
      scope: 'template',
      check: ({ issuer }) => (issuer.length === 0 ? 'empty issuer name' : undefined),
    },
    {
      id: 'issuer-well-formed',
      section: 'RFC 5280 section 4.1.2.4',
      scope: 'template',
      check: ({ issuerDer }) => problemOf(() => parseName(issuerDer)),
    },
    {
      id: 'subject-well-formed',
      section: 'RFC 5280 section 4.1.2.6',
      check: ({ subjectDer }) => problemOf(() => parseName(subjectDer)),
    },
    {
      id: 'extensions-unique',
      section: 'RFC 5280 section 4.2',
      check: ({ extensions }) => duplicateOf(extensions),
    },
    {
      id: 'extension-well-formed',
      section: 'RFC 5280 section 4.2.1',
      scope: 'template',
      check: ({ extensions }) => extensionProblem(extensions, (oid) => !perCertificate.has(oid)),
    },
    {
      id: 'extension-well-formed',
      section: 'RFC 5280 section 4.2.1',
      check: ({ extensions }) => extensionProblem(extensions, (oid) => perCertificate.has(oid)),
    },
    {
      id: 'extension-not-empty-sequence',
      section: 'RFC 5280 section 4.2.1',
      scope: 'template',
      check: ({ extensions }) => emptySequence(extensions),
    },
  ],
)

export const tlsStructureRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 7.1.1', scope: 'template', applies: isTlsServer },
  [
    {
      id: 'tls-version-3',
      check: ({ version }) => (version !== 2 ? `version ${version + 1}` : undefined),
    },
  ],
)

/** Extensions whose value comes with each certificate. */
export const perCertificate: ReadonlySet<string> = new Set(['2.5.29.17', '2.5.29.14'])

function timeProblem(field: string, time: TimeView): string | undefined {
  if (!time.wellFormed) {
    return `${field} is ${JSON.stringify(time.text)}`
  }
  const year = new Date(time.instant).getUTCFullYear()
  return time.tag === GENERALIZED_TIME && year <= lastUtcYear && year >= 1950
    ? `${field} in ${year} written as GeneralizedTime`
    : undefined
}

function duplicateOf(extensions: readonly ExtensionView[]): string | undefined {
  for (const [index, { oid }] of extensions.entries()) {
    for (let later = index + 1; later < extensions.length; later += 1) {
      if (extensions[later]?.oid === oid) {
        return `${oid} twice`
      }
    }
  }
  return undefined
}

function extensionProblem(
  extensions: readonly ExtensionView[],
  concerns: (oid: string) => boolean,
): string | undefined {
  for (const extension of extensions) {
    if (concerns(extension.oid)) {
      const problem = problemOf(() => checkExtensionValue(extension))
      if (problem !== undefined) {
        return `${extension.oid}: ${problem}`
      }
    }
  }
  return undefined
}

/** Extensions that are a SEQUENCE with SIZE (1..MAX) or one that may not be empty by its text. */
const neverEmpty: ReadonlySet<string> = new Set([
  '2.5.29.9',
  '2.5.29.17',
  '2.5.29.18',
  '2.5.29.30',
  '2.5.29.31',
  '2.5.29.32',
  '2.5.29.33',
  '2.5.29.36',
  '2.5.29.37',
  '2.5.29.46',
  '1.3.6.1.5.5.7.1.1',
  '1.3.6.1.5.5.7.1.11',
])

function emptySequence(extensions: readonly ExtensionView[]): string | undefined {
  const empty = extensions.find(
    ({ oid, value }) => neverEmpty.has(oid) && value.length === 2 && value[0] === 0x30 && value[1] === 0,
  )
  return empty === undefined ? undefined : `${empty.oid} is an empty SEQUENCE`
}
