import { type Explanations, explainer } from '../explanation.ts'
import { afterDns, notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors of proving control over names. */
export const validation = {
  caa_check_failed: say(
    'ドメインの CAA レコードにより発行できません。ドメインは縦線の後にあります。',
    [
      'この認証局を示す issue または issuewild レコードがない',
      '重大とされた不明なプロパティがある',
      'DNS が応答しない、または署名を検証できない',
    ],
    'このサーバーの発行者ドメインを CAA レコードに追加するか、DNS を修復してください。',
    afterDns,
  ),
  caa_not_found: say(
    'CAA レコードが必要ですが、ドメインにありません。ドメインは縦線の後にあります。',
    ['ドメインがロックされている', 'アカウントが CAA レコードを必須としている'],
    'ドメインに示された CAA レコードを公開してください。',
    afterDns,
  ),
  file_random_value_not_found: say(
    'ランダム値のファイルが見つからないか、内容が違います。',
    [
      'http://{name}/.well-known/pki-validation/fileauth.txt がランダム値を返さない',
      'ファイルに古い値がある、またはエラーページが返っている',
      '名前を解決できない、または 80 番ポートが閉じている',
    ],
    '現在のランダム値をそのままファイルに置いてください。',
    '外部からファイルを読めるようになってから再試行してください。',
  ),
  invalid_dns_cname: say(
    'ランダム値の CNAME レコードが見つかりません。',
    ['レコードがない', '別の宛先を指している', '古い値である'],
    '注文またはドメインに示された CNAME レコードを公開してください。',
    afterDns,
  ),
  invalid_dns_txt: say(
    'ランダム値の TXT レコードが見つかりません。',
    ['レコードがない', '古い値である、または引用符が付いている', '別の名前に登録されている'],
    '現在のランダム値をその名前の TXT レコードとして公開してください。',
    afterDns,
  ),
  invalid_dns_method: say(
    '注文の検証方法ではこの操作を行えません。',
    ['メール以外で検証する注文にメールを再送しようとした', 'メールで検証する注文を確認しようとした'],
    '現在の方法に合った操作を使うか、PUT /order/certificate/{id}/dcv-method で変更してください。',
  ),
  cannot_activate_domain_lock: say(
    'このアカウントではドメインをロックできません。',
    ['アカウントでドメインロックが無効になっている'],
    '管理者に domain_locking_enabled の有効化を依頼してください。',
  ),
  cannot_deactivate_domain_lock: say(
    'このアカウントではドメインロックが無効なため、解除するものがありません。',
    ['アカウントでドメインロックが無効になっている'],
    '対応は不要です。',
  ),
  auth_key_exists_for_account: say(
    'アカウントには期限のない AuthKey がすでにあります。',
    ['期限のない AuthKey は一つだけで、それ以外は日数の指定が必要である'],
    '既存のものを使うか、POST /account/auth-key/{days} で作成してください。',
  ),
} satisfies Explanations
