import { isEmailAddress } from '../../../core/accounts/email-address.ts'
import type { CertificateProfile } from '../../../core/lifecycle/certificate-profile.ts'
import type { CustomAttribute } from '../../../core/lifecycle/inventory.ts'
import type { ProfileRequest } from '../../../core/lifecycle/issue-certificate.ts'
import { type Lifetime, lifetimeUnits } from '../../../core/lifecycle/lifetime.ts'
import { lifecycleTemplate } from '../../../core/lifecycle/templates.ts'
import { decodeLenientCsr } from '../../../core/orders/lenient-csr.ts'
import type { NameRequest } from '../../../core/policy/names/name-request.ts'
import { parseIpAddress } from '../../../pki/ip-addresses.ts'
import { readId } from '../ids.ts'
import type { Reader } from '../reader.ts'
import { type Complaint, refuseAll } from '../refusal.ts'
import { readSubject, readTexts } from './subject-members.ts'

/** What of a request does not depend on its profile. */
export type IssueBody = Omit<ProfileRequest, 'enrollmentId' | 'whileRecording'>

const csrLength = 20_000
const mostTags = 50
const longestTag = 64
const longestDuration = 1_000_000

/** Members of an issue request but its profile and how the answer is delivered; `check` is the caller's. */
export function readIssueBody(body: Reader): IssueBody {
  const attributes = body.object('attributes')
  const { subject, names } = readCertifiedNames(attributes)
  const commonName = subject.find(({ parameter }) => parameter.endsWith('.common_name'))?.value
  const seat = body.object('seat')
  const seatId = seat.text(seat.has('seat_id') ? 'seat_id' : 'id') ?? commonName ?? names[0]?.value
  if (seatId === undefined && !body.has('seat')) body.complain('member_missing', 'seat.seat_id')
  return {
    seat: {
      seatId: seatId ?? '',
      name: seat.text('seat_name') ?? seatId ?? '',
      email: readSeatEmail(seat, seatId),
      phone: '',
    },
    csr: readCsr(body),
    subject,
    names,
    lifetime: readLifetime(body),
    tags: readTags(body, 'tags'),
    ownerIds: body.texts('cert_owner_ids').map((id) => readId('owner', id) ?? 0),
    customAttributes: readCustomAttributes(body),
  }
}

/** A client sends the id of the seat as its mail address, whatever it is: one that is no address says nothing. */
function readSeatEmail(seat: Reader, seatId: string | undefined): string {
  const isRepeatedId = seat.text('email') === seatId && seatId !== undefined && !isEmailAddress(seatId)
  return isRepeatedId ? '' : (seat.email('email') ?? '')
}

/** Extensions that are documented beside `san`. */
const extensionsNotServed = ['issuer_alt_name', 'security_identifier', 'lei', 'lei_role'] as const

/**
 * Whom a certificate names: `subject` and `extensions.san` of the attributes. Values for other extensions are refused:
 * whoever sends some means to find them in the certificate, and there is no profile with such extensions.
 */
export function readCertifiedNames(attributes: Reader): Pick<IssueBody, 'subject' | 'names'> {
  if (!attributes.isEmpty('custom_values')) attributes.complain('member_not_served', 'custom_values')
  const extensions = attributes.object('extensions')
  for (const name of extensionsNotServed) {
    if (!extensions.isSilent(name)) extensions.complain('member_not_served', name)
  }
  return { subject: readSubject(attributes.object('subject')), names: readNames(extensions.object('san')) }
}

/** PEM with line ends or without, bare base64, or `\n` written out. */
export function readCsr(body: Reader): Uint8Array | undefined {
  const text = body.text('csr', { longest: csrLength, multiline: true })
  return text === undefined ? undefined : decodeLenientCsr(text)
}

/**
 * `{unit, duration}`, or `{duration_unit, duration_value}` as enrollments had it once; the form of another product,
 * `{years, end_date …}`, is refused by name.
 */
export function readLifetime(body: Reader): Lifetime | undefined {
  if (!body.has('validity')) return undefined
  const validity = body.object('validity')
  for (const other of ['years', 'months', 'days', 'end_date']) {
    if (validity.has(other)) validity.complain('member_invalid', other)
  }
  const wasSaidAsBefore = validity.has('duration_unit') || validity.has('duration_value')
  const [unit, duration] = wasSaidAsBefore ? ['duration_unit', 'duration_value'] : ['unit', 'duration']
  if (!validity.has(unit) && !validity.has(duration)) return undefined
  return {
    unit: validity.requiredChoice(unit, lifetimeUnits),
    duration: validity.requiredInteger(duration, 1, longestDuration),
  }
}

export function readTags(body: Reader, name: string): readonly string[] {
  const tags = body.texts(name, { longest: longestTag })
  if (tags.length > mostTags) body.complain('member_invalid', name)
  return [...new Set(tags)]
}

const nameMembers = {
  dns_names: 'dns',
  ip_addresses: 'ip',
  emails: 'email',
  uris: 'uri',
  user_principal_names: 'upn',
  registered_ids: 'registeredId',
} as const
function readNames(san: Reader): readonly NameRequest[] {
  return [...readTextNames(san), ...readDirectoryName(san), ...readOtherNames(san)]
}

function readTextNames(san: Reader): readonly NameRequest[] {
  return Object.entries(nameMembers).flatMap(([member, type]) =>
    readTexts(san, member, 2_048, undefined).map(([parameter, value]) => ({ type, value, parameter })),
  )
}

/** The members of a subject in an object; nobody documents another form. */
function readDirectoryName(san: Reader): readonly NameRequest[] {
  if (!san.has('directory_name')) return []
  const parameter = san.name('directory_name')
  const attributes = readSubject(san.object('directory_name'))
  return attributes.length === 0 ? [] : [{ type: 'directory', value: 'directory', attributes, parameter }]
}

const longestOtherName = 255

/** GUIDs of domain controllers, and texts of kinds that the caller names by their identifiers; labels say nothing. */
function readOtherNames(san: Reader): readonly NameRequest[] {
  if (!san.has('other_names')) return []
  const others = san.object('other_names')
  const guids = readTexts(others, 'guid', longestOtherName, undefined).map(
    ([parameter, value]): NameRequest => ({ type: 'guid', value, parameter }),
  )
  const raw = others.objects('raw_other_names').flatMap((each) => {
    const typeId = each.requiredText('oid', { longest: longestOtherName })
    return each.objects('values').map((item): NameRequest => {
      const value = item.requiredText('value', { longest: longestOtherName })
      return { type: 'other', typeId, value, parameter: item.name('value') }
    })
  })
  return [...guids, ...raw]
}

function readCustomAttributes(body: Reader): readonly CustomAttribute[] {
  return body.objects('custom_attributes').map((attribute) => {
    const value = attribute.text('value')
    return {
      id: attribute.requiredText('id'),
      values: value === undefined ? attribute.texts('multi_select_values') : [value],
    }
  })
}

/**
 * A request as its profile wants it: what is mandatory is there. Among the alternative names are the mail address of
 * the subject (RFC 5280 section 4.1.2.6) and, where certificates name hosts, the common name.
 * @throws Refusal member_missing
 */
export function fitToProfile(request: IssueBody, profile: CertificateProfile): IssueBody {
  const given = [...request.subject, ...request.names].map(({ parameter }) => memberOf(parameter))
  const isGiven = (field: string) => given.some((each) => each === field || each.startsWith(`${field}.`))
  const missing = [
    ...profile.subject.map((each) => ({ ...each, place: 'attributes.subject' })),
    ...profile.alternativeNames.map((each) => ({ ...each, place: 'attributes.extensions.san' })),
  ].filter(({ type, mandatory, place }) => mandatory && !isGiven(`${place}.${type}`))
  refuseAll(
    missing.map(({ type, place }): Complaint => {
      const field = `${place}.${type}`
      return { reason: 'member_missing', about: field, field }
    }),
  )
  const namesHosts = lifecycleTemplate(profile.templateId)?.namesHosts === true
  const added = request.subject.flatMap((attribute): readonly NameRequest[] => {
    if (attribute.parameter.endsWith('.email')) {
      const isThere = request.names.some(({ type, value }) => type === 'email' && value === attribute.value)
      return isThere ? [] : [{ ...attribute, type: 'email' }]
    }
    if (!namesHosts || !attribute.parameter.endsWith('.common_name')) return []
    if (isAmong(attribute.value, request.names)) return []
    return [{ ...attribute, type: parseIpAddress(attribute.value) === undefined ? 'dns' : 'ip' }]
  })
  return { ...request, names: [...added, ...request.names] }
}

/** `attributes.subject.title.0` is about the member `attributes.subject.title`. */
export function memberOf(parameter: string): string {
  return parameter.replace(/\.\d+$/, '')
}

function isAmong(commonName: string, names: readonly NameRequest[]): boolean {
  const wanted = commonName.toLowerCase()
  return names.some(({ type, value }) => (type === 'dns' || type === 'ip') && value.toLowerCase() === wanted)
}
