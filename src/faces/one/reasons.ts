import type { Language } from '../../core/faults.ts'

/** A sentence in every language, about a text where the reason has one. */
type Sentence = { readonly [L in Language]: (about: string) => string }

/** One way to refuse: the status, the machine code, and what is said. Several reasons share a code. */
export interface ReasonRow {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503
  readonly code: string
  readonly message: Sentence
}

const row = <const Status extends ReasonRow['status'], const Code extends string>(
  status: Status,
  code: Code,
  en: string | ((about: string) => string),
  ja: string | ((about: string) => string),
) => ({
  status,
  code,
  message: {
    en: typeof en === 'string' ? () => en : en,
    ja: typeof ja === 'string' ? () => ja : ja,
  },
})

/**
 * Every reason to refuse at this face. The English wording of two of them (a second revocation, several certificates
 * of one serial number) is the vendor's, because clients compare it.
 */
export const reasons = {
  key_invalid: row(
    401,
    'invalid_api_key',
    'The API key or client certificate is missing, unknown, disabled, deleted or past its end date.',
    'API キーまたはクライアント証明書がないか、不明、無効、削除済み、または有効期限切れです。',
  ),
  key_of_sandbox: row(
    401,
    'invalid_api_key',
    'This API key was made by a sandbox (demo) environment; a production environment takes its own keys only.',
    'この API キーはサンドボックス(デモ)環境のものです。本番環境では本番環境のキーを使用してください。',
  ),
  key_of_production: row(
    401,
    'invalid_api_key',
    'This API key was made by a production environment; a sandbox (demo) environment takes its own keys only.',
    'この API キーは本番環境のものです。サンドボックス(デモ)環境ではその環境のキーを使用してください。',
  ),
  permission: row(
    403,
    'access_denied',
    (permission) => `This credential lacks the permission ${permission}.`,
    (permission) => `この認証情報には権限 ${permission} がありません。`,
  ),
  account_foreign: row(
    403,
    'access_denied',
    'This credential may not act in the account that the request names.',
    'この認証情報は、リクエストで指定されたアカウントでは使用できません。',
  ),
  account_disabled: row(403, 'access_denied', 'The account is disabled.', 'アカウントが無効になっています。'),
  profile_not_accessible: row(
    403,
    'access_denied',
    'There is no certificate profile with this id that the credential may use.',
    'この認証情報で使用できる証明書プロファイルが見つかりません。',
  ),
  enrollment_code: row(
    403,
    'access_denied',
    'The enrollment code is not the one of an enrollment for this seat and profile.',
    '登録コードが、このシートとプロファイルの登録と一致しません。',
  ),
  enrollment_locked: row(
    403,
    'access_denied',
    'The enrollment is locked after too many wrong codes; an administrator sets it back to created.',
    '登録コードの誤りが多いため、登録がロックされました。管理者が状態を created に戻す必要があります。',
  ),
  business_unit: row(
    403,
    'no_access',
    'There is no business unit with this id that the credential may use.',
    'この認証情報で使用できるビジネスユニットが見つかりません。',
  ),
  object: row(
    404,
    'resource_not_found',
    (object) => `There is no such ${object}.`,
    (object) => `指定されたリソース(${object})が見つかりません。`,
  ),
  route: row(
    404,
    'resource_not_found',
    'Nothing is served at this path.',
    'このパスでは何も提供されていません。',
  ),
  method: row(
    405,
    'method_not_allowed',
    (allowed) => `This path takes ${allowed} only.`,
    (allowed) => `このパスで使用できるメソッドは ${allowed} のみです。`,
  ),
  body_too_large: row(
    413,
    'request_too_large',
    'The body is larger than this path takes.',
    'リクエスト本文が大きすぎます。',
  ),
  media_type: row(
    415,
    'unsupported_media_type',
    'The body has to be application/json, without a content coding.',
    'リクエスト本文は application/json(圧縮なし)でなければなりません。',
  ),
  head_too_large: row(
    400,
    'invalid_request',
    'The request line or the header fields are too long.',
    'リクエスト行またはヘッダーが長すぎます。',
  ),
  request_unreadable: row(
    400,
    'invalid_request',
    'What was sent is no HTTP/1.1 request; the connection is closed.',
    'HTTP/1.1 リクエストとして読み取れないため、接続を閉じました。',
  ),
  request_late: row(
    400,
    'invalid_request',
    'The request did not arrive in time; the connection is closed.',
    'リクエストが時間内に届かなかったため、接続を閉じました。',
  ),
  body_unreadable: row(
    400,
    'invalid_request',
    'The body is not JSON that can be read.',
    'リクエスト本文を JSON として読み取れません。',
  ),
  body_missing: row(
    400,
    'invalid_request',
    'This request needs a body.',
    'このリクエストには本文が必要です。',
  ),
  member_missing: row(
    400,
    'invalid_request',
    (name) => `${name} is required.`,
    (name) => `${name} は必須です。`,
  ),
  member_invalid: row(
    400,
    'invalid_request',
    (name) => `${name} is not valid.`,
    (name) => `${name} の値が正しくありません。`,
  ),
  member_short: row(
    400,
    'invalid_request',
    (bound) => `A member is too short: ${bound}.`,
    (bound) => `文字数が足りません(${bound})。`,
  ),
  member_past: row(
    400,
    'invalid_request',
    (name) => `${name} lies in the past.`,
    (name) => `${name} が過去の日時です。`,
  ),
  member_not_served: row(
    400,
    'invalid_request',
    (name) => `${name} cannot be put into certificates here.`,
    (name) => `${name} はこのサーバーの証明書では使用できません。`,
  ),
  parameter_missing: row(
    400,
    'invalid_input_field',
    (name) => `The parameter ${name} is required.`,
    (name) => `パラメーター ${name} は必須です。`,
  ),
  parameter_invalid: row(
    400,
    'invalid_input_field',
    (name) => `The parameter ${name} is not valid.`,
    (name) => `パラメーター ${name} の値が正しくありません。`,
  ),
  parameter_too_small: row(
    400,
    'invalid_input_field',
    (name) => `The parameter ${name} is too small.`,
    (name) => `パラメーター ${name} の値が小さすぎます。`,
  ),
  window_too_deep: row(
    400,
    'pagination_limit_exceeded',
    (bounds) => `The page lies beyond what can be listed: ${bounds}.`,
    (bounds) => `一覧できる範囲を超えています(${bounds})。`,
  ),
  csr: row(
    400,
    'invalid_request',
    (defect) => `The CSR cannot be used: ${defect}.`,
    (defect) => `CSR を使用できません(${defect})。`,
  ),
  name: row(
    400,
    'invalid_request',
    (defect) => `A name cannot be certified: ${defect}.`,
    (defect) => `証明できない名前が含まれています(${defect})。`,
  ),
  validity: row(
    400,
    'invalid_request',
    (limit) => `The validity is not possible; the limit is ${limit}.`,
    (limit) => `この有効期間は指定できません(限度: ${limit})。`,
  ),
  certificate_refused: row(
    400,
    'invalid_request',
    (rule) => `The certificate would break a rule: ${rule}.`,
    (rule) => `証明書が規則に反するため、発行できません(${rule})。`,
  ),
  profile_refused: row(
    400,
    'invalid_request',
    (reason) => `The certificate profile does not take this request: ${reason}.`,
    (reason) => `証明書プロファイルがこのリクエストを受け付けません(${reason})。`,
  ),
  authority_inactive: row(
    400,
    'invalid_request',
    'The CA is not active, or does not issue certificates of this kind.',
    'この CA は有効でないか、この種類の証明書を発行しません。',
  ),
  status_change: row(
    400,
    'invalid_request',
    (states) => `The certificate cannot change from ${states}.`,
    (states) => `証明書の状態を変更できません(${states})。`,
  ),
  already_revoked: row(
    400,
    'invalid_request',
    'Certificate already has been revoked',
    '証明書はすでに失効しています。',
  ),
  not_suspended: row(
    400,
    'invalid_request',
    'The certificate is not suspended.',
    '証明書は一時停止されていません。',
  ),
  serial_ambiguous: row(
    400,
    'invalid_request',
    'Collision occurred! Please specify additional parameter: thumbprint_sha256',
    '同じシリアル番号の証明書が複数あります。thumbprint_sha256 を指定してください。',
  ),
  renewal_too_early: row(
    400,
    'invalid_request',
    (from) => `The certificate can be renewed from ${from} on.`,
    (from) => `証明書を更新できるのは ${from} 以降です。`,
  ),
  seats_exhausted: row(
    400,
    'invalid_request',
    (type) => `The business unit has no ${type} left.`,
    (type) => `ビジネスユニットに ${type} の空きがありません。`,
  ),
  enrollment_step: row(
    400,
    'invalid_request',
    (states) => `The enrollment cannot change from ${states}.`,
    (states) => `登録の状態を変更できません(${states})。`,
  ),
  taken: row(
    409,
    'duplicate_error',
    (name) => `${name} already exists.`,
    (name) => `${name} はすでに存在します。`,
  ),
  certificate_duplicate: row(
    409,
    'duplicate_error',
    'There is a valid certificate for this subject and seat, and the profile allows one only.',
    'このサブジェクトとシートの有効な証明書がすでにあり、プロファイルは重複を許可していません。',
  ),
  key_in_other_use: row(
    409,
    'duplicate_error',
    'The public key is in use for something else here.',
    'この公開鍵はすでに別の用途で使用されています。',
  ),
  version: row(
    409,
    'version_conflict',
    'The object is not in the version that If-Match names; read it again.',
    'オブジェクトが If-Match のバージョンと一致しません。再度取得してください。',
  ),
  ended: row(
    409,
    'state_conflict',
    (what) => `The ${what} has ended and cannot be used or changed any more.`,
    (what) => `すでに終了しているため、使用または変更できません(${what})。`,
  ),
  state: row(
    409,
    'state_conflict',
    (state) => `The object is ${state}, so this cannot be done.`,
    (state) => `オブジェクトの状態(${state})では実行できません。`,
  ),
  idempotency: row(
    409,
    'idempotency_conflict',
    'The idempotency key was used for another request; use a new key.',
    'この冪等キーは別のリクエストで使用済みです。新しいキーを使ってください。',
  ),
  recovery_impossible: row(
    422,
    'unprocessable_request',
    (reason) => `The key cannot be recovered: ${reason}.`,
    (reason) => `鍵を復旧できません(${reason})。`,
  ),
  rate: row(
    429,
    'rate_limit_exceeded',
    'Too many requests; try again after the time in Retry-After.',
    'リクエストが多すぎます。Retry-After の時間をおいて再試行してください。',
  ),
  rate_mpki: row(
    429,
    'client_error',
    'Too many requests; try again after the time in Retry-After.',
    'リクエストが多すぎます。Retry-After の時間をおいて再試行してください。',
  ),
  internal: row(
    500,
    'internal_server_error',
    'An internal error occurred; the log has it under the request id.',
    '内部エラーが発生しました。ログはリクエスト ID で確認できます。',
  ),
  authority_unusable: row(
    500,
    'internal_server_error',
    'The stored record of the CA cannot be opened; the log has the cause under the request id.',
    'CA の保存データを開けません。原因はログにリクエスト ID とともに記録されています。',
  ),
  unavailable: row(
    503,
    'service_unavailable',
    (operator) =>
      `The service cannot do this now; try again after the time in Retry-After.${operator && ` The operator says: ${operator}`}`,
    (operator) =>
      `現在この処理はできません。Retry-After の時間をおいて再試行してください。${operator && `運用者からの連絡: ${operator}`}`,
  ),
  signing_clock: row(
    503,
    'service_unavailable',
    'The clock of the service is behind its last signature, so nothing is signed; the operator has to set it right.',
    'サービスの時計が最後の署名時刻より遅れているため、署名できません。運用者が時計を合わせる必要があります。',
  ),
  signing_restored: row(
    503,
    'service_unavailable',
    'The database is older than what was published from it, so nothing is signed; the operator has to look at it and run "chancery recover".',
    'データベースが公開済みの情報より古いため、署名できません。運用者が確認し、「chancery recover」を実行する必要があります。',
  ),
} satisfies Readonly<Record<string, ReasonRow>>

export type Reason = keyof typeof reasons

/** Machine codes that answers can have. */
export type Code = (typeof reasons)[Reason]['code']
