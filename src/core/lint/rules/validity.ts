import { DerReader } from '../../../pki/der/reader.ts'
import { oids } from '../../../pki/oids.ts'
import { type CertificateView, safely } from '../certificate-view.ts'
import { isCodeSigning, isTlsServer } from '../classification.ts'
import { day, type RuleEntry, ruleTable } from '../rule.ts'
import { dnsNames } from './tls-names.ts'

const dayMs = 86_400_000

/** TLS BR section 6.3.2: the longest lifetime in days by the date of notBefore. */
const limits: readonly [from: string, until: string, days: number][] = [
  ['2018-03-01', '2020-09-01', 825],
  ['2020-09-01', '2026-03-15', 398],
  ['2026-03-15', '2027-03-15', 200],
  ['2027-03-15', '2029-03-15', 100],
  ['2029-03-15', '9999-12-31', 47],
]

export const tlsValidityRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 6.3.2', scope: 'certificate', applies: isTlsServer },
  [
    ...limits.map(
      ([from, until, days]): RuleEntry => ({
        id: `tls-validity-${days}-days`,
        from: day(from),
        until: day(until),
        check: (certificate) => tooLong(certificate, days),
      }),
    ),
    {
      id: 'tls-validity-39-months',
      from: day('2015-04-01'),
      until: day('2018-03-01'),
      check: (certificate) => longerThanMonths(certificate, 39),
    },
    {
      id: 'tls-validity-60-months',
      until: day('2015-04-01'),
      from: day('2012-07-01'),
      check: (certificate) => longerThanMonths(certificate, 60),
    },
    {
      id: 'tls-not-backdated',
      section: 'TLS BR section 7.1.2.7',
      from: day('2023-09-15'),
      check: backdatingProblem,
    },
    {
      id: 'onion-validity',
      section: 'EV Guidelines appendix F',
      check: (certificate) =>
        dnsNames(certificate).some((name) => name.toLowerCase().endsWith('.onion'))
          ? tooLong(certificate, 458)
          : undefined,
    },
  ],
)

export const codeSigningValidityRules = ruleTable(
  { family: 'code-signing', section: 'CS BR section 6.3.2', scope: 'certificate', applies: isCodeSigning },
  [
    { id: 'code-signing-validity-39-months', check: (certificate) => longerThanMonths(certificate, 39) },
    {
      id: 'code-signing-validity-460-days',
      from: day('2026-03-01'),
      check: (certificate) => tooLong(certificate, 460),
    },
  ],
)

/** Both ends count: one second more than notAfter - notBefore (RFC 5280 section 4.1.2.5). */
export function tooLong({ notBefore, notAfter }: CertificateView, days: number): string | undefined {
  const lifetimeMs = notAfter.instant - notBefore.instant + 1_000
  return lifetimeMs > days * dayMs ? `${(lifetimeMs / dayMs).toFixed(1)} days, at most ${days}` : undefined
}

function longerThanMonths({ notBefore, notAfter }: CertificateView, months: number): string | undefined {
  const limit = new Date(notBefore.instant)
  limit.setUTCMonth(limit.getUTCMonth() + months)
  return notAfter.instant > limit.getTime() ? `ends after ${limit.toISOString()}` : undefined
}

/** A log saw the certificate when it was made. */
function backdatingProblem(certificate: CertificateView): string | undefined {
  const stamps = safely(() => timestamps(certificate)) ?? []
  const first = Math.min(...stamps)
  return first - certificate.notBefore.instant > 48 * 3_600_000 && stamps.length > 0
    ? `first logged ${new Date(first).toISOString()}`
    : undefined
}

/** RFC 6962 section 3.3: a list of SCTs, each a length, version, log id and timestamp. */
function timestamps(certificate: CertificateView): number[] {
  const value = certificate.extension(oids.signedCertificateTimestamps)?.value
  if (value === undefined) {
    return []
  }
  const list = Buffer.from(DerReader.of(value).octetString())
  const found: number[] = []
  for (let position = 2; position + 43 <= list.length; position += 2 + list.readUInt16BE(position)) {
    found.push(Number(list.readBigUInt64BE(position + 2 + 33)))
  }
  return found
}
