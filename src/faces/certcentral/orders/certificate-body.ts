import { commonNameIndicators, type MailContent } from '../../../core/orders/order.ts'
import type { CertificateWish } from '../../../core/orders/order-wish.ts'
import { products } from '../../../core/products/catalogue.ts'
import type { Product } from '../../../core/products/product.ts'
import { OTHER_PLATFORM, serverPlatform } from '../../../core/products/server-platforms.ts'
import { type MailUsage, mailGenerations } from '../../../core/profiles/certcentral/smime.ts'
import type { Reader } from '../reader.ts'
import { readCertificateValidity } from './validity-body.ts'

/** Longer than what is taken, so that it is refused by a code of its own. */
const anyLength = { longest: 1_000 } as const
/** A little more than is looked at. */
const csrText = { anyCharacter: true, longest: 70_000 } as const

/** Reads `certificate` of an order; what is required goes by the product. */
export function readCertificateWish(certificate: Reader, product: Product): CertificateWish {
  const mail = product.names.of === 'emails' ? readMail(certificate) : null
  return {
    commonName: readCommonName(certificate, product, mail),
    dnsNames: product.names.of === 'hosts' ? certificate.texts('dns_names', anyLength) : [],
    emails: readEmails(certificate, product),
    organizationUnits: certificate.texts('organization_units', anyLength),
    csr: readCsr(certificate, product),
    signatureHash: certificate.choice('signature_hash', product.signatureHashes) ?? null,
    serverPlatformId: readServerPlatform(certificate) ?? OTHER_PLATFORM,
    caCertId: readCaCertId(certificate) ?? null,
    validity: readCertificateValidity(certificate),
    profileOption: certificate.text('profile_option')?.toLowerCase() ?? null,
    mail,
  }
}

/** Hosts and people are named; mailboxes, organizations and code have their names elsewhere. */
function readCommonName(certificate: Reader, product: Product, mail: MailContent | null): string {
  const isNeeded =
    product.names.of === 'hosts' ||
    (product.subject === 'person' &&
      (mail?.individual ?? null) === null &&
      mail?.indicator !== 'email_address')
  const read = isNeeded
    ? certificate.requiredText('common_name', anyLength)
    : certificate.text('common_name', anyLength)
  return read ?? ''
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

const usages: Readonly<Record<string, MailUsage>> = {
  signing: 'signing',
  key_management: 'key-management',
  dual_use: 'dual-use',
}

function readMail(certificate: Reader): MailContent {
  const usage = certificate.object('usage_designation').choice('primary_usage', Object.keys(usages))
  const subject = certificate.object('subject')
  return {
    indicator: certificate.choice('common_name_indicator', commonNameIndicators) ?? null,
    individual: readIndividual(certificate),
    usage: usage === undefined ? null : (usages[usage] ?? null),
    generation: certificate.choice('profile_type', mailGenerations) ?? null,
    includes: {
      email: subject.flag('include_email') ?? false,
      pseudonym: subject.flag('include_pseudonym') ?? false,
      givenNameSurname: subject.flag('include_given_name_surname') ?? false,
    },
  }
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
