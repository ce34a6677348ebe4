import { pemEncode } from '../../pki/pem.ts'
import type { Language } from '../faults.ts'
import type { Mail } from '../validation/outbound.ts'
import type { IssuedOrderCertificate } from './issued-certificate.ts'

const words: {
  readonly [L in Language]: { readonly subject: (name: string) => string; readonly text: string }
} = {
  en: {
    subject: (name) => `Certificate for ${name}`,
    text: 'The certificate and those above it follow; the first one is yours.',
  },
  ja: {
    subject: (name) => `${name} の証明書`,
    text: '証明書と上位の証明書を以下に示します。最初のものがお客様の証明書です。',
  },
}

/**
 * A certificate with those above it, as PEM (RFC 7468), in a mail to whomever it goes to.
 * @param message comes first
 */
export function certificateMail(
  { chain, certificate }: IssuedOrderCertificate,
  language: Language,
  message?: string,
): Omit<Mail, 'to'> {
  const { subject, text } = words[language]
  const blocks = chain.map(({ der }) => pemEncode('CERTIFICATE', der).replaceAll('\n', '\r\n')).join('')
  return {
    subject: subject(certificate.content.commonName),
    text: [...(message === undefined ? [] : [message]), text, blocks].join('\r\n\r\n'),
  }
}
