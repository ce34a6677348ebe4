import type { Language } from '../../core/faults.ts'
import type { CodeRow, ErrorAnswer, WireError } from './wire-error.ts'

const alone = (status: CodeRow['status'], en: string, ja: string): CodeRow => ({
  status,
  form: 'alone',
  message: { en: () => en, ja: () => ja },
})

const about = (
  form: 'qualified' | 'parameter',
  status: CodeRow['status'],
  en: (text: string) => string,
  ja: (text: string) => string,
): CodeRow => ({ status, form, message: { en, ja } })

/**
 * Every code this face answers with: status, form and wording. Messages say what to do next. The wording of six of
 * them is the vendor's API's own, because clients compare it.
 */
export const codes = {
  request_limit_exceeded: alone(
    429,
    'Service unavailable, please limit request volume',
    'リクエスト数の上限に達しました。間隔をあけて再試行してください。',
  ),
  access_denied: about(
    'qualified',
    403,
    (reason) => `Access denied due to ${reason}.`,
    (reason) => `アクセスが拒否されました(${reason})。`,
  ),
  not_found: alone(404, 'The specified object was not found.', '指定されたオブジェクトが見つかりません。'),
  'not_found|': about(
    'qualified',
    404,
    (object) => `The specified ${object} was not found.`,
    (object) => `指定された ${object} が見つかりません。`,
  ),
  not_acceptable: alone(
    406,
    'None of the accepted media types can be produced; accept application/json or application/xml.',
    '要求されたメディアタイプでは応答できません。application/json または application/xml を指定してください。',
  ),
  ambiguous_product: alone(
    400,
    'No single product fits the type hint and the names; order it by its product identifier.',
    'ヒントと名前に合う製品を一つに特定できません。製品識別子を指定して注文してください。',
  ),
  auth_key_exists_for_account: alone(
    400,
    'The account has an AuthKey without end already; use it, or create one with a number of days.',
    '期限のない AuthKey がすでにあります。それを使うか、日数を指定して作成してください。',
  ),
  bad_request_format: alone(400, 'Could not parse request data', 'リクエストデータを解析できません。'),
  caa_check_failed: about(
    'qualified',
    400,
    (domain) =>
      `The CAA records of ${domain} do not allow this authority to issue; change them, or wait until DNS answers.`,
    (domain) =>
      `${domain} の CAA レコードはこの認証局による発行を許可していません。レコードを変更してください。`,
  ),
  caa_not_found: about(
    'qualified',
    400,
    (domain) => `A CAA record is required for ${domain} and none was found; publish one.`,
    (domain) => `${domain} には CAA レコードが必要ですが、見つかりません。公開してください。`,
  ),
  cannot_activate_domain_lock: alone(
    400,
    'Domain locking is not enabled for this account.',
    'このアカウントではドメインロックが有効になっていません。',
  ),
  cannot_deactivate_domain_lock: alone(
    400,
    'Domain locking is not enabled for this account, so there is nothing to deactivate.',
    'このアカウントではドメインロックが有効になっていないため、解除できません。',
  ),
  cannot_archive_primary_certificate: alone(
    400,
    'Primary certificate cannot be archived',
    'プライマリ証明書はアーカイブできません。',
  ),
  cert_transparency_turned_off_for_account: alone(
    400,
    'Certificate transparency is turned off for this account.',
    'このアカウントでは証明書の透明性が無効になっています。',
  ),
  cert_validity_exceeds_order_validity: alone(
    400,
    'The certificate would be valid for longer than the order; ask for a shorter validity.',
    '証明書の有効期間が注文の有効期間を超えています。短くしてください。',
  ),
  csr_invalid_cannot_parse: alone(
    400,
    'The CSR cannot be used: it must be PKCS#10, signed with SHA-2 by its own key, of an allowed kind and size.',
    'CSR を使用できません。許可された種類の鍵で SHA-2 により署名された PKCS#10 が必要です。',
  ),
  csr_not_allowed: alone(
    400,
    'This product takes no CSR; order it without.',
    'この製品では CSR を指定できません。',
  ),
  ct_logging_disabled: alone(
    400,
    'Certificate transparency logging is disabled for this account.',
    'このアカウントでは CT ログが無効になっています。',
  ),
  custom_expiration_not_allowed: alone(
    400,
    'A custom expiration date is not allowed for this product; choose one of its validity periods.',
    'この製品では有効期限日を指定できません。有効期間を選択してください。',
  ),
  disabled_domain: alone(
    400,
    'A name belongs to a domain that is deactivated in this account; activate the domain.',
    '無効化されたドメインの名前が含まれています。ドメインを有効にしてください。',
  ),
  domain_not_allowed: alone(
    400,
    'A name lies outside the domains allowed for this division.',
    'この部門で許可されたドメイン以外の名前が含まれています。',
  ),
  email_domain_not_validated: alone(
    400,
    'The domain of an email address is not validated for the organization; validate it first.',
    'メールアドレスのドメインがこの組織で検証されていません。先に検証してください。',
  ),
  email_not_valid_email_format: alone(
    400,
    'An email address is not of a valid form.',
    'メールアドレスの形式が正しくありません。',
  ),
  file_random_value_not_found: alone(
    400,
    'Could not find the random value at the expected file location for one or more domains.',
    '一つ以上のドメインで、所定のファイルにランダム値が見つかりません。',
  ),
  insufficient_funds: alone(
    400,
    'The balance of the account does not cover the order; deposit funds.',
    'アカウントの残高が不足しています。入金してください。',
  ),
  idempotency_conflict: alone(
    422,
    'The idempotency key was used for another request; use a new key.',
    'この冪等キーは別のリクエストで使用済みです。新しいキーを使ってください。',
  ),
  inactive_organization: alone(
    400,
    'The organization is deactivated; activate it or choose another.',
    'この組織は無効化されています。有効にするか、別の組織を選択してください。',
  ),
  internal_error: alone(
    500,
    'An internal error occurred; the log has it under the request id.',
    '内部エラーが発生しました。ログはリクエスト ID で確認できます。',
  ),
  internal_names_not_allowed: alone(
    400,
    'Public products certify no internal names and no private or reserved addresses; use a private product.',
    '公開製品では内部名や予約アドレスを使用できません。プライベート製品を使用してください。',
  ),
  invalid_ca_cert_id: alone(
    400,
    'The issuing CA is unknown or not allowed for this product.',
    '発行元 CA が不明であるか、この製品では許可されていません。',
  ),
  invalid_chars: about(
    'parameter',
    400,
    (parameter) => `${parameter} contains characters that are not allowed.`,
    (parameter) => `${parameter} に使用できない文字が含まれています。`,
  ),
  invalid_common_name_on_duplicate: alone(
    400,
    'The common name of a duplicate must be the one of the order or one of its names.',
    '複製のコモンネームは、注文のコモンネームまたはその名前の一つでなければなりません。',
  ),
  invalid_custom_field_value: alone(
    400,
    'The value of a custom field does not fit its type.',
    'カスタムフィールドの値が型に合っていません。',
  ),
  invalid_dns_cname: alone(
    400,
    'Could not find a valid CNAME record for one or more domains.',
    '一つ以上のドメインで有効な CNAME レコードが見つかりません。',
  ),
  invalid_dns_method: alone(
    400,
    'The validation method of the order does not allow this; change the method first.',
    '注文の検証方法ではこの操作はできません。先に検証方法を変更してください。',
  ),
  invalid_dns_name_on_duplicate: alone(
    400,
    'A duplicate may not have names that are not on the order.',
    '複製に注文にない名前を含めることはできません。',
  ),
  invalid_dns_txt: alone(
    400,
    'Could not find a valid TXT record for one or more domains.',
    '一つ以上のドメインで有効な TXT レコードが見つかりません。',
  ),
  invalid_payment_method: alone(
    400,
    'The payment method is not enabled for this account.',
    'この支払い方法はアカウントで有効になっていません。',
  ),
  invalid_value: about(
    'parameter',
    400,
    (parameter) => `The value of ${parameter} is not valid.`,
    (parameter) => `${parameter} の値が正しくありません。`,
  ),
  missing_ca_cert_id: alone(
    400,
    'The product has no default issuing CA; name one in certificate.ca_cert_id.',
    'この製品には既定の発行元 CA がありません。certificate.ca_cert_id で指定してください。',
  ),
  missing_dns_name_on_duplicate: alone(
    400,
    'A duplicate must have all names of the order.',
    '複製には注文のすべての名前が必要です。',
  ),
  missing_request_data: alone(400, 'The request needs a body.', 'リクエスト本文が必要です。'),
  missing_required_custom_field: alone(
    400,
    'A required custom field has no value.',
    '必須のカスタムフィールドに値がありません。',
  ),
  no_private_ca_enabled: alone(
    400,
    'The account has no private CA.',
    'このアカウントにはプライベート CA がありません。',
  ),
  not_allowed_to_change_ct_setting_per_order: alone(
    400,
    'This account does not allow choosing certificate transparency for each order.',
    'このアカウントでは注文ごとに CT 設定を変更できません。',
  ),
  order_already_revoked: alone(400, 'This order is revoked already.', 'この注文はすでに失効しています。'),
  order_not_eligible_for_duplicate: alone(
    400,
    'This order cannot have duplicates: its product allows none, or it is not issued.',
    'この注文は複製できません。製品が許可していないか、発行済みではありません。',
  ),
  order_not_eligible_for_renewal: alone(
    400,
    'This order cannot be renewed now.',
    'この注文は現在更新できません。',
  ),
  order_renewed_already: alone(400, 'This order was renewed already.', 'この注文はすでに更新されています。'),
  other_domain_on_wildcard: alone(
    400,
    'A wildcard product certifies the wildcard, its base domain and names below it only.',
    'ワイルドカード製品では、ワイルドカードとそのベースドメイン配下の名前のみ使用できます。',
  ),
  pending_reissue: alone(
    400,
    'A reissue of this order is still pending; wait for it or cancel it.',
    'この注文には保留中の再発行があります。完了を待つか取り消してください。',
  ),
  product_name_limit_exceeded: alone(
    400,
    'The order has more names than the product allows.',
    '名前の数が製品の上限を超えています。',
  ),
  product_not_allowed: alone(
    400,
    'The product is not enabled for this account, division or role.',
    'この製品はアカウント、部門、またはロールで有効になっていません。',
  ),
  protected_domain: alone(
    400,
    'A name is protected: it is locked by another account or on the protected list.',
    '保護されたドメインの名前が含まれています。',
  ),
  required_param: about(
    'parameter',
    400,
    (parameter) => `${parameter} is required.`,
    (parameter) => `${parameter} は必須です。`,
  ),
  rfc5280_address_field_too_long: alone(
    400,
    'An address field is longer than 64 characters.',
    '住所の項目が 64 文字を超えています。',
  ),
  rfc5280_common_name_invalid: alone(
    400,
    'The common name is not a host name, address or wildcard that this product certifies.',
    'コモンネームがこの製品で使用できる名前ではありません。',
  ),
  rfc5280_common_name_too_long: alone(
    400,
    'The common name is longer than 64 characters.',
    'コモンネームが 64 文字を超えています。',
  ),
  rfc5280_org_invalid: alone(
    400,
    'One or more fields of the organization hold an invalid value.',
    '組織の項目に正しくない値があります。',
  ),
  rfc5280_org_name_too_long: alone(
    400,
    'The name of the organization, with its assumed name, is longer than 64 characters.',
    '組織名(通称を含む)が 64 文字を超えています。',
  ),
  rfc5280_org_unit_invalid: alone(
    400,
    'An organization unit has no letter or digit, or control characters.',
    '組織単位に文字または数字がないか、制御文字が含まれています。',
  ),
  rfc5280_org_unit_too_long: alone(
    400,
    'An organization unit is longer than 64 characters.',
    '組織単位が 64 文字を超えています。',
  ),
  service_unavailable: alone(
    503,
    'The service cannot do this now; try again after the time in Retry-After.',
    '現在この処理はできません。Retry-After の時間をおいて再試行してください。',
  ),
  username_unavailable: alone(
    400,
    'The user name is taken; choose another.',
    'このユーザー名は使用されています。別の名前を選択してください。',
  ),
} satisfies Readonly<Record<string, CodeRow>>

export type Code = keyof typeof codes

/** A code with what it is about, before it has a language. */
export interface Complaint {
  readonly code: Code
  /** Parameter or qualifier; unused where the code stands alone. */
  readonly about?: string
}

/** The element of `errors` for a complaint. */
export function wireError({ code, about = '' }: Complaint, language: Language): WireError {
  const row: CodeRow = codes[code]
  const name = code === 'not_found|' ? 'not_found' : code
  return {
    code: row.form === 'alone' ? name : row.form === 'qualified' ? `${name}|${about}` : `${name}:${about}`,
    message: row.message[language](about),
  }
}

/** The answer to complaints of one step, each told once; the first one gives the status. */
export function errorAnswer(
  complaints: readonly [Complaint, ...Complaint[]],
  language: Language,
): ErrorAnswer {
  return {
    httpStatus: codes[complaints[0].code].status,
    errors: withoutRepeats(complaints.map((complaint) => wireError(complaint, language))),
  }
}

/** Codes that stand alone say the same of every parameter. */
function withoutRepeats(errors: readonly WireError[]): readonly WireError[] {
  return errors.filter(({ code }, place) => errors.findIndex((other) => other.code === code) === place)
}
