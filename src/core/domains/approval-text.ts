import type { Language } from '../faults.ts'
import { isAboutMailbox } from '../orders/confirm-mailbox.ts'
import type { Mail } from '../validation/outbound.ts'
import type { ApprovalMail } from './approval-mail.ts'

/** What the mail says around its link. Names and days are in forms that every mail program shows alike. */
interface ApprovalText {
  subject(name: string): string
  body(name: string, url: string, lastDay: string): readonly string[]
}

const domainTexts: Readonly<Record<Language, ApprovalText>> = {
  en: {
    subject: (name) => `Approve certificates for ${name}`,
    body: (name, url, lastDay) => [
      `Somebody asks for certificates for ${name} and names below it.`,
      '',
      'If you are in charge of this domain and agree, open this page and press the button:',
      '',
      url,
      '',
      `The link works until ${lastDay} (UTC).`,
      'If you know nothing of this, ignore this mail: without your approval nothing is issued.',
    ],
  },
  ja: {
    subject: (name) => `${name} の証明書の承認`,
    body: (name, url, lastDay) => [
      `${name} およびその配下の名前について、証明書の発行が要求されました。`,
      '',
      'このドメインの管理者として同意される場合は、次のページを開いてボタンを押してください。',
      '',
      url,
      '',
      `このリンクは ${lastDay} (UTC) まで有効です。`,
      '心当たりがない場合は、このメールを無視してください。承認がなければ発行されません。',
    ],
  },
}

const mailboxTexts: Readonly<Record<Language, ApprovalText>> = {
  en: {
    subject: (name) => `Confirm your mail address ${name}`,
    body: (name, url, lastDay) => [
      `Somebody asks for a certificate for the mail address ${name}.`,
      '',
      'If this is your address and you agree, open this page and press the button:',
      '',
      url,
      '',
      `The link works until ${lastDay} (UTC).`,
      'If you know nothing of this, ignore this mail: without your answer nothing is issued.',
    ],
  },
  ja: {
    subject: (name) => `メールアドレス ${name} の確認`,
    body: (name, url, lastDay) => [
      `メールアドレス ${name} の証明書の発行が要求されました。`,
      '',
      'ご自身のアドレスであり、同意される場合は、次のページを開いてボタンを押してください。',
      '',
      url,
      '',
      `このリンクは ${lastDay} (UTC) まで有効です。`,
      '心当たりがない場合は、このメールを無視してください。確認がなければ発行されません。',
    ],
  },
}

/** The mail as it is sent. */
export function approvalText(mail: ApprovalMail, url: string): Mail {
  const text = (isAboutMailbox(mail) ? mailboxTexts : domainTexts)[mail.language]
  const lastDay = new Date(mail.expiresAt).toISOString().slice(0, 10)
  return {
    to: mail.address,
    subject: text.subject(mail.name),
    text: `${text.body(mail.name, url, lastDay).join('\n')}\n`,
  }
}
