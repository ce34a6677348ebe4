import { type Explanations, explainer } from '../explanation.ts'
import { notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors in the form of what is sent. */
export const parameters = {
  bad_request_format: say(
    'リクエスト本文を読み取れません。',
    [
      'JSON でも XML でもない、または途中で切れている',
      '最上位がオブジェクトではなく、配列や文字列である',
      '同じ名前のメンバーが重複している、または UTF-8 ではない',
      '入れ子が深すぎる、大きすぎる(HTTP 413)、または圧縮されている(HTTP 415)',
    ],
    'JSON オブジェクト、または文書型宣言のない XML を UTF-8 で送ってください。',
  ),
  missing_request_data: say(
    '本文が必要ですが、空です。',
    ['本文が空、または null である', 'リダイレクトやプロキシで失われた'],
    'パラメーターを JSON オブジェクトで送ってください。',
  ),
  required_param: say(
    '必須のパラメーターがありません。名前はコロンの後にあります。',
    ['送られていない', '値が null、空文字列、または ID として 0 である'],
    'パラメーターを送ってください。入れ子のものは certificate.csr のように点でつなぎます。',
  ),
  invalid_value: say(
    'パラメーターの値を使用できません。名前はコロンの後にあります。',
    [
      '型が違う、または範囲外である',
      '決められた値のいずれでもない',
      '存在しない、または見えないオブジェクトを指している',
      '現在の状態からはその値に変更できない',
    ],
    '値を修正してください。配列の場合は custom_fields.0.value のように位置が付きます。',
  ),
  invalid_chars: say(
    '使用できない文字が含まれています。パラメーター名はコロンの後にあります。',
    ['制御文字、<、> が含まれている', 'Unicode として正しくない文字がある', 'ユーザー名に空白や斜線がある'],
    'その文字を取り除いてください。',
  ),
  email_not_valid_email_format: say(
    'メールアドレスの形式が正しくありません。',
    ['@ がない、または二つ以上ある', '空白や ASCII 以外の文字がある', '一つの値に複数のアドレスを書いた'],
    'name@domain の形式で一つずつ送ってください。',
  ),
  missing_required_custom_field: say(
    'アカウントで必須のカスタムフィールドに値がありません。',
    ['custom_fields がない', '必須フィールドの値が空である'],
    'GET /account/metadata で有効かつ必須のフィールドを確認し、値を送ってください。',
  ),
  invalid_custom_field_value: say(
    'カスタムフィールドの値が型に合っていません。',
    [
      'int は十進数字だけを受け付ける',
      'email_address は一つ、email_list はコンマ区切りの複数のアドレスである',
    ],
    'GET /account/metadata に示された型の値を送ってください。',
  ),
  username_unavailable: say(
    'このユーザー名はすでに使われています。',
    ['ユーザー名はサーバー全体で一意であり、大文字と小文字を区別しない'],
    '別の名前にしてください。GET /user/availability/{username} で確認できます。',
  ),
} satisfies Explanations
