import type { CertificateProfile } from '../../../core/lifecycle/certificate-profile.ts'
import type { Enrollment } from '../../../core/lifecycle/enrollment.ts'
import { isMembers } from '../../json-values.ts'
import { Reader } from '../reader.ts'
import { type IssueBody, memberOf, readCertifiedNames, readCsr, readLifetime } from './issue-body.ts'
import { subjectAttribute } from './subject-members.ts'

const keptMembers = ['csr', 'subject', 'extensions', 'validity'] as const

/**
 * What is kept of the attributes of an enrollment, as JSON text; null when they say nothing. What is wrong with them
 * is complained of now, and `check` is the caller's.
 */
export function keptAttributes(body: Reader, content: unknown): string | null {
  readPromise(body)
  const sent = isMembers(content) ? content.attributes : undefined
  if (!isMembers(sent)) return null
  const kept = keptMembers.flatMap((name) => (Object.hasOwn(sent, name) ? [[name, sent[name]] as const] : []))
  return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept))
}

/**
 * The request of whoever shows a code, with what was said when the code was given: that wins, member by member. The
 * attribute that a profile maps to its seats is the seat's id when neither says it.
 */
export function promisedRequest(
  request: IssueBody,
  { attributes, seatId }: Pick<Enrollment, 'attributes' | 'seatId'>,
  { seatIdMapping }: Pick<CertificateProfile, 'seatIdMapping'>,
): IssueBody {
  const kept: unknown = attributes === null ? {} : JSON.parse(attributes)
  const promise = readPromise(new Reader({ attributes: kept }))
  const subject = withPromised(promise.subject, request.subject)
  const mapped = subjectAttribute(seatIdMapping, seatId)
  const isSaid = subject.some(({ parameter }) => memberOf(parameter) === mapped?.parameter)
  return {
    ...request,
    subject: mapped === undefined || isSaid ? subject : [...subject, mapped],
    names: withPromised(promise.names, request.names),
    csr: promise.csr ?? request.csr,
    lifetime: promise.lifetime ?? request.lifetime,
  }
}

function readPromise(body: Reader): Pick<IssueBody, 'subject' | 'names' | 'csr' | 'lifetime'> {
  const attributes = body.object('attributes')
  return {
    ...readCertifiedNames(attributes),
    csr: readCsr(attributes),
    lifetime: readLifetime(attributes),
  }
}

function withPromised<Item extends { readonly parameter: string }>(
  promised: readonly Item[],
  asked: readonly Item[],
): readonly Item[] {
  const members = new Set(promised.map(({ parameter }) => memberOf(parameter)))
  return [...promised, ...asked.filter(({ parameter }) => !members.has(memberOf(parameter)))]
}
