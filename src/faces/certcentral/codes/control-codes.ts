import type { CodeRow } from '../wire-error.ts'
import { about, alone } from './code-row.ts'

/** Codes about domains, control over them, CAA, and organizations. */
export const controlCodes = {
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
  file_random_value_not_found: alone(
    400,
    'Could not find the random value at the expected file location for one or more domains.',
    '一つ以上のドメインで、所定のファイルにランダム値が見つかりません。',
  ),
  inactive_organization: alone(
    400,
    'The organization is deactivated; activate it or choose another.',
    'この組織は無効化されています。有効にするか、別の組織を選択してください。',
  ),
  internal_names_not_allowed: alone(
    400,
    'Public products certify no internal names and no private or reserved addresses; use a private product.',
    '公開製品では内部名や予約アドレスを使用できません。プライベート製品を使用してください。',
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
  invalid_dns_txt: alone(
    400,
    'Could not find a valid TXT record for one or more domains.',
    '一つ以上のドメインで有効な TXT レコードが見つかりません。',
  ),
  protected_domain: alone(
    400,
    'A name is protected: it is locked by another account or on the protected list.',
    '保護されたドメインの名前が含まれています。',
  ),
  rfc5280_address_field_too_long: alone(
    400,
    'An address field is longer than 64 characters.',
    '住所の項目が 64 文字を超えています。',
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
} satisfies Readonly<Record<string, CodeRow>>
