import { DerError } from '../../pki/der/errors.ts'
import { DerReader } from '../../pki/der/reader.ts'
import { GENERALIZED_TIME, INTEGER, SEQUENCE, UTC_TIME } from '../../pki/der/tags.ts'
import { oids } from '../../pki/oids.ts'
import type { Strictness } from '../authorities/authority.ts'
import { viewAuthorityKeyIdentifier } from './extension-views.ts'
import type { Finding } from './rule.ts'
import { nullProblem } from './rules/algorithms.ts'
import { type TimeView, viewTime } from './time-view.ts'

const dayMs = 86_400_000

/** What a CRL is checked against beside RFC 5280. */
export interface CrlLintOptions {
  readonly strictness: Strictness
  /** Days between thisUpdate and nextUpdate at most (TLS BR section 4.9.7: 10 for leaves, 366 for CAs). */
  readonly maximumDays?: number
}

interface CrlExtension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Uint8Array
}

/** RFC 5280 section 5.2: criticality of the extensions of a CRL. */
const criticalities: ReadonlyMap<string, boolean> = new Map<string, boolean>([
  [oids.authorityKeyIdentifier, false],
  [oids.issuerAltName, false],
  [oids.cRLNumber, false],
  [oids.deltaCrlIndicator, true],
  [oids.issuingDistributionPoint, true],
  [oids.freshestCrl, false],
  [oids.authorityInfoAccess, false],
])

/** RFC 5280 section 5.3.1; 0 is written as absence. */
const entryReasons: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 8, 9, 10])
/** TLS BR section 7.2.2. */
const publicEntryReasons: ReadonlySet<number> = new Set([1, 3, 4, 5, 9])

/** Entries between two yields: a few milliseconds of work. */
const entriesPerStep = 10_000

type Report = (rule: string, section: string, detail: string | undefined) => void

/**
 * Judges a CRL, RFC 5280 section 5, and at `public-tls` the TLS BR section 7.2. Reads every entry; memory does not
 * grow with their number. At most one finding for each rule.
 */
export function lintCrl(crlDer: Uint8Array, options: CrlLintOptions): Finding[] {
  const { findings, report } = collector()
  reading(report, () => {
    const outer = DerReader.ofSequence(crlDer)
    const tbsDer = outer.raw(SEQUENCE)
    const outerAlgorithm = outer.raw(SEQUENCE)
    const inner = DerReader.ofSequence(tbsDer)
    if (inner.peekTag() === INTEGER) {
      inner.raw(INTEGER)
    }
    report(
      'crl-signature-algorithms-equal',
      'RFC 5280 section 5.1.1.2',
      Buffer.compare(inner.raw(SEQUENCE), outerAlgorithm) === 0
        ? undefined
        : 'signature and signatureAlgorithm differ',
    )
    const steps = lintFields(DerReader.ofSequence(tbsDer), options, report)
    while (steps.next().done !== true);
  })
  return findings()
}

/**
 * As lintCrl, over a tbsCertList that is not signed yet; yields the number of entries read so far every 10,000 of
 * them, so that a long list does not hold up the event loop.
 */
export function* lintTbsCertListInSteps(
  tbsDer: Uint8Array,
  options: CrlLintOptions,
): Generator<number, Finding[]> {
  const { findings, report } = collector()
  const steps = reading(report, () => lintFields(DerReader.ofSequence(tbsDer), options, report))
  for (;;) {
    const step = reading(report, () => steps?.next())
    if (step === undefined || step.done === true) {
      return findings()
    }
    yield step.value
  }
}

function collector(): { findings: () => Finding[]; report: Report } {
  const found = new Map<string, Finding>()
  return {
    findings: () => [...found.values()],
    report: (rule, section, detail) => {
      if (detail !== undefined && !found.has(rule)) {
        found.set(rule, { rule, severity: 'error', section, detail })
      }
    },
  }
}

function reading<Value>(report: Report, read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    report('crl-structure', 'RFC 5280 section 5.1', error.message)
    return undefined
  }
}

function* lintFields(fields: DerReader, options: CrlLintOptions, report: Report): Generator<number, void> {
  const version = fields.peekTag() === INTEGER ? fields.smallInteger() : 0
  report('crl-signature-null-parameters', 'RFC 4055 section 5', nullProblem(fields.raw(SEQUENCE)))
  fields.raw(SEQUENCE)
  const thisUpdate = viewTime(fields)
  const hasNextUpdate = fields.peekTag() === UTC_TIME || fields.peekTag() === GENERALIZED_TIME
  const nextUpdate = hasNextUpdate ? viewTime(fields) : undefined
  lintTimes(thisUpdate, nextUpdate, options, report)
  if (fields.peekTag() === SEQUENCE) {
    yield* lintEntries(fields.sequence(), thisUpdate, options, report)
  }
  lintExtensions(viewExtensions(fields.optionalExplicit(0)), version, report)
}

function lintTimes(
  thisUpdate: TimeView,
  nextUpdate: TimeView | undefined,
  { maximumDays }: CrlLintOptions,
  report: Report,
): void {
  report(
    'crl-next-update-present',
    'RFC 5280 section 5.1.2.5',
    nextUpdate === undefined ? 'absent' : undefined,
  )
  const odd = [thisUpdate, nextUpdate].find((time) => time?.wellFormed === false)
  report('crl-time-encoding', 'RFC 5280 section 5.1.2.4', odd === undefined ? undefined : odd.text)
  if (nextUpdate === undefined) {
    return
  }
  const lifetimeMs = nextUpdate.instant - thisUpdate.instant
  report(
    'crl-time-order',
    'RFC 5280 section 5.1.2.5',
    lifetimeMs < 0 ? 'nextUpdate before thisUpdate' : undefined,
  )
  report(
    'crl-lifetime',
    'TLS BR section 4.9.7',
    maximumDays !== undefined && lifetimeMs + 1_000 > maximumDays * dayMs
      ? `${(lifetimeMs / dayMs).toFixed(1)} days, at most ${maximumDays}`
      : undefined,
  )
}

function* lintEntries(
  list: DerReader,
  thisUpdate: TimeView,
  options: CrlLintOptions,
  report: Report,
): Generator<number, void> {
  report(
    'crl-entries-not-empty',
    'RFC 5280 section 5.1.2.6',
    list.atEnd ? 'an empty list of entries' : undefined,
  )
  const reasons = options.strictness === 'public-tls' ? publicEntryReasons : entryReasons
  for (let count = 1; !list.atEnd; count += 1) {
    const fields = list.sequence()
    fields.integer()
    if (entryTime(fields.raw(), report) > thisUpdate.instant) {
      report('crl-revocation-not-later', 'RFC 5280 section 5.3.2', 'an entry is dated after thisUpdate')
    }
    if (!fields.atEnd) {
      lintEntryExtensions(readExtensions(fields.sequence()), reasons, report)
    }
    if (count % entriesPerStep === 0) {
      yield count
    }
  }
}

/** A date that cannot be read is a finding of its own and not compared. */
function entryTime(time: Uint8Array, report: Report): number {
  try {
    return DerReader.of(time).time()
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    report('crl-time-encoding', 'RFC 5280 section 5.1.2.6', error.message)
    return Number.NEGATIVE_INFINITY
  }
}

function lintEntryExtensions(
  extensions: readonly CrlExtension[],
  reasons: ReadonlySet<number>,
  report: Report,
): void {
  report('crl-entry-extensions-unique', 'RFC 5280 section 5.3', duplicateOf(extensions))
  const reason = extensions.find(({ oid }) => oid === oids.reasonCode)
  if (reason !== undefined) {
    const code = DerReader.of(reason.value).enumerated()
    report('crl-reason-code', 'RFC 5280 section 5.3.1', reasons.has(code) ? undefined : `reason ${code}`)
    report('crl-reason-code-not-critical', 'RFC 5280 section 5.3.1', reason.critical ? 'critical' : undefined)
  }
}

function lintExtensions(extensions: readonly CrlExtension[], version: number, report: Report): void {
  report('crl-extensions-unique', 'RFC 5280 section 5.2', duplicateOf(extensions))
  report(
    'crl-version-2',
    'RFC 5280 section 5.1.2.1',
    extensions.length > 0 && version !== 1 ? 'extensions in version 1' : undefined,
  )
  for (const { oid, critical } of extensions) {
    const wanted = criticalities.get(oid)
    report(
      'crl-extension-criticality',
      'RFC 5280 section 5.2',
      wanted === undefined || wanted === critical
        ? undefined
        : `${oid} ${critical ? 'critical' : 'not critical'}`,
    )
  }
  lintNumber(extensions, report)
  const identifier = extensions.find(({ oid }) => oid === oids.authorityKeyIdentifier)
  const view = identifier === undefined ? undefined : viewAuthorityKeyIdentifier(identifier.value)
  report(
    'crl-authority-key-identifier',
    'RFC 5280 section 5.2.1',
    view?.keyIdentifier === undefined
      ? 'no keyIdentifier'
      : view.hasIssuer || view.hasSerialNumber
        ? 'more than the keyIdentifier'
        : undefined,
  )
}

function lintNumber(extensions: readonly CrlExtension[], report: Report): void {
  const extension = extensions.find(({ oid }) => oid === oids.cRLNumber)
  report('crl-number-present', 'RFC 5280 section 5.2.3', extension === undefined ? 'absent' : undefined)
  if (extension === undefined) {
    return
  }
  const number = DerReader.of(extension.value).integer()
  const problem =
    (number[0] ?? 0) > 0x7f ? 'negative' : number.length > 20 ? `${number.length} octets` : undefined
  report('crl-number-range', 'RFC 5280 section 5.2.3', problem)
}

function viewExtensions(holder: DerReader | undefined): CrlExtension[] {
  return holder === undefined ? [] : readExtensions(holder.sequence())
}

function readExtensions(list: DerReader): CrlExtension[] {
  const extensions: CrlExtension[] = []
  while (!list.atEnd) {
    const fields = list.sequence()
    const oid = fields.oid()
    const critical = fields.peekTag() === 0x01 ? fields.element()[0] !== 0 : false
    extensions.push({ oid, critical, value: fields.octetString() })
  }
  return extensions
}

function duplicateOf(extensions: readonly CrlExtension[]): string | undefined {
  const twice = extensions.find(
    ({ oid }, index) => extensions.findIndex((other) => other.oid === oid) !== index,
  )
  return twice === undefined ? undefined : `${twice.oid} twice`
}
