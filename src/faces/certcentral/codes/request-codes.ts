import type { CodeRow } from '../wire-error.ts'
import { about, alone } from './code-row.ts'

/** Codes about requests as such: who makes them, how they are written, and the state of the service. */
export const requestCodes = {
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
  // Clients compare codes to the letter, so of objects these alone are named; elsewhere `not_found` is the whole code.
  'not_found|order': alone(404, 'The specified order was not found.', '指定された注文が見つかりません。'),
  'not_found|product': alone(404, 'The specified product was not found.', '指定された製品が見つかりません。'),
  'not_found|route': alone(404, 'The specified route was not found.', '指定されたパスが見つかりません。'),
  not_acceptable: alone(
    406,
    'None of the accepted media types can be produced; accept application/json or application/xml.',
    '要求されたメディアタイプでは応答できません。application/json または application/xml を指定してください。',
  ),
  auth_key_exists_for_account: alone(
    400,
    'The account has an AuthKey without end already; use it, or create one with a number of days.',
    '期限のない AuthKey がすでにあります。それを使うか、日数を指定して作成してください。',
  ),
  bad_request_format: alone(400, 'Could not parse request data', 'リクエストデータを解析できません。'),
  email_not_valid_email_format: alone(
    400,
    'An email address is not of a valid form.',
    'メールアドレスの形式が正しくありません。',
  ),
  idempotency_conflict: alone(
    422,
    'The idempotency key was used for another request; use a new key.',
    'この冪等キーは別のリクエストで使用済みです。新しいキーを使ってください。',
  ),
  internal_error: alone(
    500,
    'An internal error occurred; the log has it under the request id.',
    '内部エラーが発生しました。ログはリクエスト ID で確認できます。',
  ),
  invalid_chars: about(
    'parameter',
    400,
    (parameter) => `${parameter} contains characters that are not allowed.`,
    (parameter) => `${parameter} に使用できない文字が含まれています。`,
  ),
  invalid_custom_field_value: alone(
    400,
    'The value of a custom field does not fit its type.',
    'カスタムフィールドの値が型に合っていません。',
  ),
  invalid_value: about(
    'parameter',
    400,
    (parameter) => `The value of ${parameter} is not valid.`,
    (parameter) => `${parameter} の値が正しくありません。`,
  ),
  missing_request_data: alone(400, 'The request needs a body.', 'リクエスト本文が必要です。'),
  missing_required_custom_field: alone(
    400,
    'A required custom field has no value.',
    '必須のカスタムフィールドに値がありません。',
  ),
  required_param: about(
    'parameter',
    400,
    (parameter) => `${parameter} is required.`,
    (parameter) => `${parameter} は必須です。`,
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
