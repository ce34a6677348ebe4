import type { Language } from '../../core/faults.ts'

interface PageText {
  readonly title: string
  asked(name: string): string
  readonly meaning: string
  readonly approve: string
  readonly approvedTitle: string
  approved(name: string): string
  readonly unknownTitle: string
  readonly unknown: string
  readonly closedTitle: string
  readonly closed: string
  operatorSays(message: string): string
}

/** What the approval pages say. */
export const texts: Readonly<Record<Language, PageText>> = {
  en: {
    title: 'Approve certificates for a domain',
    asked: (name) => `Somebody asks for certificates for ${name} and names below it.`,
    meaning:
      'Approve only if you are in charge of this domain and agree. Otherwise close this page: nothing happens then.',
    approve: 'Approve',
    approvedTitle: 'Approved',
    approved: (name) => `Certificates for ${name} are approved. You can close this page.`,
    unknownTitle: 'This link does not work',
    unknown: 'The link is incomplete, too old, or not wanted any more. Ask for a new mail.',
    closedTitle: 'Closed for maintenance',
    closed: 'Nothing can be approved at the moment. The link still works afterwards: open it again later.',
    operatorSays: (message) => `The operator says: ${message}`,
  },
  ja: {
    title: 'ドメインの証明書の承認',
    asked: (name) => `${name} およびその配下の名前について、証明書の発行が要求されています。`,
    meaning:
      'このドメインの管理者として同意される場合のみ承認してください。そうでなければページを閉じてください。何も起こりません。',
    approve: '承認する',
    approvedTitle: '承認済み',
    approved: (name) => `${name} の証明書を承認しました。このページを閉じてください。`,
    unknownTitle: 'このリンクは使用できません',
    unknown: 'リンクが不完全か、期限切れか、すでに不要になっています。新しいメールを要求してください。',
    closedTitle: 'メンテナンス中',
    closed: '現在は承認できません。リンクは引き続き有効です。時間をおいて再度開いてください。',
    operatorSays: (message) => `運用者からの連絡: ${message}`,
  },
}

/** What they say where the holder of a mailbox is asked about it. */
export const mailboxTexts: Readonly<Record<Language, PageText>> = {
  en: {
    ...texts.en,
    title: 'Confirm your mail address',
    asked: (name) => `Somebody asks for a certificate for the mail address ${name}.`,
    meaning:
      'Confirm only if this is your address and you agree. Otherwise close this page: nothing happens then.',
    approve: 'Confirm',
    approvedTitle: 'Confirmed',
    approved: (name) => `The mail address ${name} is confirmed. You can close this page.`,
  },
  ja: {
    ...texts.ja,
    title: 'メールアドレスの確認',
    asked: (name) => `メールアドレス ${name} の証明書の発行が要求されています。`,
    meaning:
      'ご自身のアドレスであり、同意される場合のみ確認してください。そうでなければページを閉じてください。何も起こりません。',
    approve: '確認する',
    approvedTitle: '確認済み',
    approved: (name) => `メールアドレス ${name} を確認しました。このページを閉じてください。`,
  },
}
