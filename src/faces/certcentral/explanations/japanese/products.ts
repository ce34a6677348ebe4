import { type Explanations, explainer } from '../explanation.ts'
import { notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors about what is ordered and how it is paid. */
export const products = {
  ambiguous_product: say(
    'ヒントと名前に合う製品を一つに決められません。',
    [
      '同じ程度に合う製品が複数ある',
      'ev のヒントでワイルドカードを指定したなど、合う製品がない',
      'ヒントが不明である',
    ],
    '製品識別子を指定して POST /order/certificate/{name_id} で注文してください。',
  ),
  product_not_allowed: say(
    '製品は存在しますが、ここでは注文できません。',
    ['アカウントで無効になっている', '部門またはユーザーのロールでは注文できない'],
    'GET /product から選ぶか、管理者に有効化を依頼してください。',
  ),
  product_name_limit_exceeded: say(
    '名前の数が製品の上限を超えています。',
    ['コモンネームと dns_names の合計が上限を超えた', '証明書が大きくなりすぎる'],
    '名前を減らすか、複数の名前に対応する製品を注文してください。',
  ),
  csr_invalid_cannot_parse: say(
    'CSR を使用できません。',
    [
      'PKCS#10 ではない、または途中で切れている',
      '署名が鍵と一致しない、または SHA-1 や MD5 を使っている',
      '鍵が小さすぎる、対応していない種類である、弱い、または漏えいが知られている',
    ],
    '新しい鍵(2048 ビット以上の RSA、P-256、P-384)を作り、SHA-256 で署名した CSR を送ってください。',
  ),
  csr_not_allowed: say(
    'この製品では CSR を指定できません。',
    ['鍵は送付されるトークン上で作られる', '別の方法で鍵を作る設定になっている'],
    'certificate.csr を省いてください。',
  ),
  custom_expiration_not_allowed: say(
    '有効期限日を指定することはできません。',
    ['アカウントまたは製品で、有効期間が決められた期間に制限されている'],
    'custom_expiration_date の代わりに order_validity.years または order_validity.days を送ってください。',
  ),
  cert_validity_exceeds_order_validity: say(
    '証明書の有効期間が注文の期間を超えています。',
    ['certificate.cert_validity が order_validity より長い', '再発行で求めた期間より注文の残りが短い'],
    'cert_validity を短くするか、省いてください。',
  ),
  invalid_ca_cert_id: say(
    'この発行元 CA は使用できません。',
    [
      'certificate.ca_cert_id が不明である',
      '製品の allowed_ca_certs に含まれていない',
      'CA が閉鎖されている',
    ],
    'GET /product/{name_id} の allowed_ca_certs の ID を使ってください。',
  ),
  missing_ca_cert_id: say(
    '既定の発行元 CA がないため、指定が必要です。',
    ['プライベート製品の既定の CA が解除されている'],
    'GET /product/{name_id} の allowed_ca_certs から certificate.ca_cert_id を送ってください。',
  ),
  no_private_ca_enabled: say(
    'アカウントに発行できるプライベート CA がありません。',
    ['プライベート CA が無効になっている', 'アカウントの CA が閉鎖されている'],
    '管理者に CA の作成、またはプライベート CA の有効化を依頼してください。',
  ),
  cert_transparency_turned_off_for_account: say(
    'このアカウントでは証明書を CT ログに記録しないため、注文ごとの設定はできません。',
    ['アカウントの cert_transparency が off である'],
    '設定を変更しないか、管理者に cert_transparency の有効化を依頼してください。',
  ),
  ct_logging_disabled: say(
    'このアカウントでは CT ログを使わないため、disable_ct は指定できません。',
    ['cert_transparency が off のアカウントで disable_ct を送った'],
    'disable_ct を省くか、管理者に cert_transparency の有効化を依頼してください。',
  ),
  not_allowed_to_change_ct_setting_per_order: say(
    'このアカウントでは CT の設定を注文ごとに変更できません。',
    ['アカウントの ct_choice_per_order が無効である'],
    'disable_ct を省くか、管理者に ct_choice_per_order の有効化を依頼してください。',
  ),
  invalid_payment_method: say(
    'この支払い方法は使用できません。',
    ['payment_method がアカウントの支払い方法に含まれていない', '存在しない支払いプロファイルを指定した'],
    'payment_method を省くと残高から支払われます。',
  ),
  insufficient_funds: say(
    '与信を含めた残高が価格に足りません。',
    ['アカウントの与信限度に達している'],
    '入金してください。残高は GET /finance/balance で確認できます。',
  ),
} satisfies Explanations
