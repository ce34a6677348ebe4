import { DerReader } from '../../../pki/der/reader.ts'
import { oids } from '../../../pki/oids.ts'
import { isCountryCode } from '../../policy/names/country-codes.ts'
import type { CertificateView } from '../certificate-view.ts'
import { isSmime, kindOf, smimePolicyOf } from '../classification.ts'
import { nameTags } from '../extension-views.ts'
import { attributesOf } from '../name-view.ts'
import { ruleTable } from '../rule.ts'
import { quoted } from './text.ts'

/** S/MIME BR section 7.1.4.2: the subject and the mailboxes in it. */

const mailboxValidated = (certificate: CertificateView): boolean =>
  smimePolicyOf(certificate)?.type === 'mailbox'
const isForMail = (certificate: CertificateView): boolean =>
  isSmime(certificate) || kindOf(certificate) === 'smime'

export const smimeSubjectRules = ruleTable(
  { family: 'smime', section: 'S/MIME BR section 7.1.4.2', scope: 'certificate', applies: isSmime },
  [
    {
      id: 'smime-mailbox-subject',
      section: 'S/MIME BR section 7.1.4.2.3',
      applies: mailboxValidated,
      check: ({ subject }) => {
        const odd = subject.find(({ type }) => !mailboxAttributes.has(type))
        return odd === undefined ? undefined : `attribute ${odd.type}`
      },
    },
    {
      id: 'smime-mailbox-common-name',
      applies: mailboxValidated,
      check: (certificate) => {
        const mailboxes = mailboxesOf(certificate)
        const odd = attributesOf(certificate.subject, oids.commonName).find(
          ({ text }) => !mailboxes.includes(text.toLowerCase()),
        )
        return odd === undefined ? undefined : `${quoted(odd.text)} is no mailbox of the certificate`
      },
    },
    {
      id: 'smime-organization-common-name',
      section: 'S/MIME BR section 7.1.4.2.2',
      applies: (certificate) => smimePolicyOf(certificate)?.type === 'organization',
      check: (certificate) => {
        const { subject } = certificate
        const names = attributesOf(subject, oids.organizationName).map(({ text }) => text)
        const mailboxes = mailboxesOf(certificate)
        const odd = attributesOf(subject, oids.commonName).find(
          ({ text }) => !names.includes(text) && !mailboxes.includes(text.toLowerCase()),
        )
        return odd === undefined ? undefined : `${quoted(odd.text)} is neither the organization nor a mailbox`
      },
    },
    {
      id: 'smime-mailboxes-among-names',
      section: 'S/MIME BR section 7.1.4.2.1',
      check: (certificate) => {
        const mailboxes = mailboxesOf(certificate)
        const odd = certificate.subject.find(
          ({ type, text }) =>
            (type === oids.emailAddress || (type === oids.commonName && text.includes('@'))) &&
            !mailboxes.includes(text.toLowerCase()),
        )
        return odd === undefined ? undefined : `${quoted(odd.text)} only in the subject`
      },
    },
    {
      id: 'smime-email-single-mailbox',
      section: 'S/MIME BR section 7.1.4.2.2',
      check: ({ subject }) => {
        const odd = attributesOf(subject, oids.emailAddress).find(
          ({ text }) =>
            text.indexOf('@') !== text.lastIndexOf('@') || text.includes(' ') || text.includes(','),
        )
        return odd === undefined ? undefined : quoted(odd.text)
      },
    },
    {
      id: 'smime-country',
      section: 'S/MIME BR section 7.1.4.2.2',
      applies: isForMail,
      check: ({ subject }) => {
        const international = attributesOf(subject, oids.organizationIdentifier).some(({ text }) =>
          /^(INT|LEI|GOV)X[A-Z]/.test(text.slice(0, 5)),
        )
        const odd = attributesOf(subject, oids.countryName).find(
          ({ text }) => !isCountryCode(text) && text !== 'XX' && !(international && text === 'XG'),
        )
        return odd === undefined ? undefined : quoted(odd.text)
      },
    },
  ],
)

const mailboxAttributes: ReadonlySet<string> = new Set([
  oids.commonName,
  oids.serialNumber,
  oids.emailAddress,
])

const smtpUtf8Mailbox = '1.3.6.1.5.5.7.8.9'

/** Mailboxes of the alternative names, in lower case; SmtpUTF8Mailbox (RFC 9598) among them. */
function mailboxesOf(certificate: CertificateView): string[] {
  return certificate.keep('mailboxes', () =>
    certificate.subjectAltNames.flatMap(({ tag, contents, text }) => {
      if (tag === nameTags.email) return [text.toLowerCase()]
      return tag === nameTags.other ? utf8Mailbox(contents) : []
    }),
  )
}

function utf8Mailbox(contents: Uint8Array): string[] {
  const fields = DerReader.of(contents)
  if (fields.oid() !== smtpUtf8Mailbox) {
    return []
  }
  return [Buffer.from(fields.explicit(0).element(0x0c)).toString('utf8').toLowerCase()]
}
