import type { CodeRow } from '../wire-error.ts'
import { alone } from './code-row.ts'

/** Codes about orders, their products, names and certificates. */
export const orderCodes = {
  ambiguous_product: alone(
    400,
    'No single product fits the type hint and the names; order it by its product identifier.',
    'ヒントと名前に合う製品を一つに特定できません。製品識別子を指定して注文してください。',
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
  cert_unavailable_processing: alone(
    400,
    'Unable to download certificate, the certificate has not yet been issued.  Try back in a bit.',
    '証明書はまだ発行されていないため、ダウンロードできません。しばらくしてから再度お試しください。',
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
  insufficient_funds: alone(
    400,
    'The balance of the account does not cover the order; deposit funds.',
    'アカウントの残高が不足しています。入金してください。',
  ),
  invalid_ca_cert_id: alone(
    400,
    'The issuing CA is unknown or not allowed for this product.',
    '発行元 CA が不明であるか、この製品では許可されていません。',
  ),
  invalid_common_name_on_duplicate: alone(
    400,
    'The common name of a duplicate must be the one of the order or one of its names.',
    '複製のコモンネームは、注文のコモンネームまたはその名前の一つでなければなりません。',
  ),
  invalid_dns_name_on_duplicate: alone(
    400,
    'A duplicate may not have names that are not on the order.',
    '複製に注文にない名前を含めることはできません。',
  ),
  invalid_payment_method: alone(
    400,
    'The payment method is not enabled for this account.',
    'この支払い方法はアカウントで有効になっていません。',
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
} satisfies Readonly<Record<string, CodeRow>>
