import { type Explanations, explainer } from '../explanation.ts'
import { notAsItIs } from './retry.ts'

const say = explainer(notAsItIs)

/** Errors of any request, whatever it asks for. */
export const requests = {
  request_limit_exceeded: say(
    '一つの API キーのリクエスト数が、短期または長期の上限を超えました。',
    [
      '5 秒間に 100 回、または 3 分間に 1000 回を超えた(管理者が別の値を設定している場合はその値)',
      '複数のプログラムが同じキーを使っている',
    ],
    'リクエストを減らすか、プログラムごとに別のキーを使ってください。拒否されたリクエストは数えません。',
    'Retry-After の秒数だけ待てば再試行できます。',
  ),
  'access_denied|access_denied_invalid_key': say(
    '有効な API キーが送られていません。',
    [
      'X-DC-DEVKEY ヘッダーがない、綴りが違う、または途中で切れている',
      'キーが失効しているか、有効期限を過ぎている',
      'キーのユーザーが無効または削除済み、あるいはアカウントが停止されている',
      '別のサーバーのキーである',
    ],
    '有効なキーを X-DC-DEVKEY で送ってください。キーは管理者が POST /key/user/{user_id} で作成します。',
  ),
  'access_denied|missing_permission': say(
    'キーは有効ですが、そのユーザーにはこの操作の権限がありません。',
    [
      'ユーザーのロールに権限がない',
      'キーが別の種類のリソース、または閲覧のみに制限されている',
      '管理者やキーの作成と変更は管理者だけが行える',
    ],
    'GET /user/me と GET /authorization で権限を確認し、別のキーを使うか管理者に依頼してください。',
  ),
  'access_denied|invalid_approver': say(
    'このユーザーはこのリクエストを承認できません。',
    [
      '承認できるのは管理者またはマネージャーだけである',
      '二段階承認では、確認者と承認者は別の人でなければならない',
    ],
    '確認を行っていない管理者またはマネージャーが承認してください。',
  ),
  not_found: say(
    'この ID のオブジェクトは存在しないか、このキーからは見えません。',
    [
      'ID が間違っている、または別のアカウントのものである',
      'ユーザーから見えない部門にある',
      '削除済みである',
    ],
    '同じキーで取得した一覧の ID を使ってください。',
  ),
  'not_found|order': say(
    'この ID、シリアル番号、または拇印の注文は存在しないか、このキーからは見えません。',
    [
      'ID が間違っている、または別のアカウントのものである',
      '見えない部門の注文である、または自分の注文しか見えないユーザーである',
      '複製のシリアル番号である(注文はプライマリ証明書で検索する)',
    ],
    'GET /order/certificate の ID を使ってください。',
  ),
  'not_found|product': say(
    'この識別子の製品はありません。',
    ['パスの name_id が間違っている', 'このサーバーのカタログにない製品である'],
    'GET /product の name_id を使ってください。',
  ),
  'not_found|route': say(
    'このパスとメソッドでは何も提供していません。',
    ['パスが間違っている、または /services/v2 が付いていない', 'パスに対してメソッドが違う'],
    '/docs の一覧でメソッドとパスを確認してください。',
  ),
  not_acceptable: say(
    'Accept ヘッダーに応答できる形式がありません。',
    ['application/json も application/xml も含まれていない', '一覧ではないものに text/csv を要求した'],
    'Accept に application/json、application/xml、または */* を指定するか、省略してください。text/csv は一覧で使えます。',
  ),
  idempotency_conflict: say(
    'この Idempotency-Key は 24 時間以内に別のリクエストで使われています。',
    ['同じキーを異なる本文またはパスで送った'],
    '新しいリクエストには新しいキーを使い、同じキーは同じリクエストの再送にだけ使ってください。',
  ),
  internal_error: say(
    'サーバー側で問題が発生しました。',
    ['プログラムの不具合', '保存データがプログラムの外で変更された'],
    '応答の X-Request-Id を管理者に伝えてください。原因はログに記録されています。',
    '処理が行われたかどうかを確認し、同じ Idempotency-Key で再送してください。',
  ),
  service_unavailable: say(
    '現在この処理を行えません。',
    [
      '運用者が API を一時的に閉じている。運用者からの連絡があればメッセージの末尾に示される',
      'データベースが混雑している、満杯である、または接続できない',
      '時計のずれや復元したバックアップのため署名を止めている',
    ],
    'しばらく待ってください。続く場合は、管理者がログと /readyz で原因を確認します。',
    'Retry-After の秒数だけ待てば再試行できます。同じ Idempotency-Key なら二重に作成されません。',
  ),
} satisfies Explanations
