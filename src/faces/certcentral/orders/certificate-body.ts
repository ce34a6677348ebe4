import type { MailContent } from '../../../core/orders/order.ts'
import type { CertificateWish } from '../../../core/orders/order-wish.ts'
import { products } from '../../../core/products/catalogue.ts'
import type { Product } from '../../../core/products/product.ts'
import { OTHER_PLATFORM, serverPlatform } from '../../../core/products/server-platforms.ts'
import { type MailUsage, mailGenerations } from '../../../core/profiles/certcentral/smime.ts'
import type { Reader } from '../reader.ts'
import { readCertificateValidity } from './validity-body.ts'

type MailIndicator = NonNullable<MailContent['indicator']>

/** Longer than what is taken, so that it is refused by a code of its own. */
const anyLength = { longest: 1_000 } as const
/** Likewise, of any length and with control characters. */
export const unitText = { ...anyLength, controlsLater: true } as const
/** A CSR in any wrapping, kept as it is. */
export const csrText = { anyCharacter: true, longest: 70_000, asWritten: true } as const

/** Reads `certificate` of an order, and `subject` beside it; what is required goes by the product. */
export function readCertificateWish(body: Reader, product: Product): CertificateWish {
  const certificate = body.object('certificate')
  const subject = (body.has('subject') ? body : certificate).object('subject')
  const mail = product.names.of === 'emails' ? readMail(certificate, subject, product) : null
  return {
    commonName: readCommonName(certificate, product, mail),
    dnsNames: product.names.of === 'hosts' ? certificate.texts('dns_names', anyLength) : [],
    emails: readEmails(certificate, product),
    organizationUnits: certificate.texts('organization_units', unitText),
    csr: readCsr(certificate, product),
    signatureHash: certificate.choice('signature_hash', product.signatureHashes) ?? null,
    serverPlatformId: readServerPlatform(certificate) ?? OTHER_PLATFORM,
    caCertId: readCaCertId(certificate) ?? null,
    validity: readCertificateValidity(certificate),
    profileOption: readProfileOption(certificate),
    mail,
  }
}

/** Hosts and people are named; mailboxes, organizations and code have their names elsewhere. */
function readCommonName(certificate: Reader, product: Product, mail: MailContent | null): string {
  const person = product.subject === 'person' ? mail?.individual : undefined
  const isNeeded =
    product.names.of === 'hosts' ||
    (product.subject === 'person' && person == null && mail?.indicator !== 'email_address')
  const read = isNeeded
    ? certificate.requiredText('common_name', anyLength)
    : certificate.text('common_name', anyLength)
  return read ?? (person == null ? '' : calledBy(person, mail))
}

/** What a person is called by who has no common name of his own. */
function calledBy(
  { firstName, lastName, pseudonym }: NonNullable<MailContent['individual']>,
  mail: MailContent | null,
): string {
  const name = `${firstName} ${lastName}`.trim()
  return (prefersPseudonym(mail) ? pseudonym : name) || name || pseudonym
}

function readEmails(certificate: Reader, { names }: Product): readonly string[] {
  if (names.of !== 'emails') return []
  if (!certificate.has('emails')) certificate.require('emails')
  const emails = certificate.emails('emails')
  if (emails.length === 0) certificate.requiredTexts('emails', { anyCharacter: true })
  return emails
}

function readCsr(certificate: Reader, { csr }: Product): string | null {
  if (csr === 'required') return certificate.requiredText('csr', csrText)
  return certificate.text('csr', csrText) ?? null
}

/** `server_platform` as an object with `id`, or as that id; 0 is what typed clients send when they mean none. */
export function readServerPlatform(certificate: Reader): number | undefined {
  const member = 'server_platform'
  if (!certificate.has(member)) return undefined
  const id = certificate.isObject(member)
    ? certificate.object(member).integer('id', OTHER_PLATFORM)
    : certificate.integer(member, OTHER_PLATFORM)
  if (id === undefined || id === 0) return undefined
  if (serverPlatform(id) === undefined) certificate.complain('invalid_value', `${member}.id`)
  return id
}

/** `ca_cert_id`, unless it names a product, as a client sends that for the product's own CA. */
export function readCaCertId(certificate: Reader): string | undefined {
  const id = certificate.text('ca_cert_id')
  return products.some(({ nameId }) => nameId === id) ? undefined : id
}

/** What samples of the vendor and of clients have in the place of an option. */
const sampleOption = /^some[ _](ssl[ _])?profile$/

function readProfileOption(certificate: Reader): string | null {
  const option = certificate.text('profile_option')?.toLowerCase()
  return option === undefined || sampleOption.test(option) ? null : option
}

const usages: Readonly<Record<string, MailUsage>> = {
  signing: 'signing',
  key_management: 'key-management',
  dual_use: 'dual-use',
}

/** What may become the common name: what was validated (S/MIME BR section 7.1.4.2.2). */
const indicators: Partial<Record<Product['subject'], readonly MailIndicator[]>> = {
  mailbox: ['email_address'],
  organization: ['organization_name', 'email_address'],
  person: ['given_name_surname', 'pseudonym', 'email_address'],
}

function readMail(certificate: Reader, subject: Reader, product: Product): MailContent {
  const usage = certificate.object('usage_designation').choice('primary_usage', Object.keys(usages))
  const mail: MailContent = {
    indicator: certificate.choice('common_name_indicator', indicators[product.subject] ?? []) ?? null,
    individual: readIndividual(certificate),
    usage: usage === undefined ? null : (usages[usage] ?? null),
    generation: certificate.choice('profile_type', mailGenerations) ?? null,
    includes: {
      email: subject.flag('include_email') ?? false,
      pseudonym: subject.flag('include_pseudonym') ?? false,
      givenNameSurname: subject.flag('include_given_name_surname') ?? false,
    },
  }
  if (product.subject === 'person') requireIncluded(certificate, mail)
  return mail
}

/** What the subject is to hold has to be said somewhere; a name may be said by the common name. */
function requireIncluded(certificate: Reader, mail: MailContent): void {
  const { indicator, individual, includes } = mail
  const isNamed = individual === null ? certificate.has('common_name') : hasName(individual)
  const needsName = includes.givenNameSurname || indicator === 'given_name_surname'
  const needsPseudonym = prefersPseudonym(mail) || indicator === 'pseudonym'
  if (needsName && !isNamed) certificate.object('individual').require('last_name')
  if (needsPseudonym && (individual?.pseudonym ?? '') === '') {
    certificate.object('individual').require('pseudonym')
  }
}

/** A name and a pseudonym never stand beside each other; the name wins where both are wanted. */
function prefersPseudonym(mail: MailContent | null): boolean {
  return mail?.includes.pseudonym === true && !mail.includes.givenNameSurname
}

function hasName({ firstName, lastName }: NonNullable<MailContent['individual']>): boolean {
  return firstName !== '' || lastName !== ''
}

function readIndividual(certificate: Reader): MailContent['individual'] {
  if (!certificate.has('individual')) return null
  const person = certificate.object('individual')
  const individual = {
    firstName: person.text('first_name', anyLength) ?? '',
    lastName: person.text('last_name', anyLength) ?? '',
    pseudonym: person.text('pseudonym', anyLength) ?? '',
  }
  return Object.values(individual).every((text) => text === '') ? null : individual
}
