import { type Explanations, explainer } from '../explanation.ts'
import { notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors about the names in a certificate and the organization behind it. */
export const names = {
  rfc5280_common_name_invalid: say(
    'コモンネームがこの製品で証明できる名前ではありません。',
    [
      '製品が求める形式のホスト名、アドレス、ワイルドカードではない',
      'ワイルドカードの星が先頭に単独で置かれていない',
      '個人の場合、空である',
    ],
    '製品に合った名前を送ってください。',
  ),
  rfc5280_common_name_too_long: say(
    'コモンネームが 64 文字を超えています。',
    ['RFC 5280 により 64 文字までに制限されている'],
    '短い名前をコモンネームにし、長い名前は dns_names で送ってください。',
  ),
  rfc5280_org_unit_too_long: say(
    '組織単位が 64 文字を超えています。',
    ['RFC 5280 により 64 文字までに制限されている'],
    '短くするか省いてください。公開証明書にはもう記載されません。',
  ),
  rfc5280_org_unit_invalid: say(
    '組織単位の値に意味がありません。',
    ['文字も数字も含まれていない', '制御文字が含まれている'],
    '修正するか省いてください。',
  ),
  rfc5280_org_name_too_long: say(
    '組織名(通称を含む)が 64 文字を超えています。',
    ['「通称 (組織名)」として一つの属性に入るため、合わせて 61 文字までである'],
    '名前を短くするか、通称を省いてください。',
  ),
  rfc5280_address_field_too_long: say(
    '住所の項目が 64 文字を超えています。',
    ['address、address2、zip、city、state のいずれかが長すぎる'],
    '短くするか、address の一部を address2 に移してください。',
  ),
  rfc5280_org_invalid: say(
    '組織の項目に証明書へ記載できない値があります。',
    ['country が ISO 3166-1 の二文字の国コードではない', '記号だけ、または制御文字を含む項目がある'],
    '組織の情報を修正してください。',
  ),
  inactive_organization: say(
    'この組織は無効化されています。',
    ['誰かが組織を無効にした'],
    'PUT /organization/{id}/activate で有効にするか、別の組織を指定してください。',
  ),
  internal_names_not_allowed: say(
    '所有者のいない名前は公開証明書に記載できません。',
    [
      '単一ラベルである、または .local、.internal、.test などの予約ドメインである',
      'プライベートまたは予約済みのアドレスである',
    ],
    '登録済みドメインの名前を使うか、プライベート製品を注文してください。',
  ),
  other_domain_on_wildcard: say(
    'ワイルドカードの注文に別のドメインの名前があります。',
    ['ワイルドカードのベースドメインでも、その配下でもない名前がある'],
    'その名前を省くか、複数ドメインの製品を注文してください。',
  ),
  domain_not_allowed: say(
    'この部門ではこの名前を注文できません。',
    ['部門に allowed_domain_names があり、その配下の名前ではない'],
    '別の部門で注文するか、管理者にドメインの許可を依頼してください。',
  ),
  disabled_domain: say(
    '名前のドメインがアカウントで無効化されています。',
    ['誰かがドメインを無効にした'],
    'PUT /domain/{id}/activate で有効にしてください。',
  ),
  protected_domain: say(
    '名前のドメインは保護されています。',
    ['別のアカウントがロックしている', '保護ドメインの一覧に含まれている'],
    'ドメインを所有するアカウントから注文するか、管理者に一覧の確認を依頼してください。',
  ),
  email_domain_not_validated: say(
    'メールアドレスのドメインがこの組織で検証されていません。',
    ['certificate.emails に、組織が検証していないドメインのアドレスがある'],
    '先にそのドメインを組織に追加して検証してください。',
  ),
} satisfies Explanations
