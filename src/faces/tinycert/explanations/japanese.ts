import type { ErrorExplanation } from '../../../core/catalogue.ts'
import type { TinycertCode } from '../codes.ts'

const refusedAgain = 'そのままでは再試行しないでください。同じ要求は再び拒否されます。'

/** What the documentation says about each code, in Japanese. */
export const japanese: Readonly<Record<TinycertCode, ErrorExplanation>> = {
  AccessDenied: {
    meaning: '認証局または証明書は存在しますが、別のアカウントのものです。',
    causes: [
      'ca_id または cert_id が別のアカウントや別の環境のものです',
      '別のアカウントのメールアドレスで接続しています',
      '管理者がアカウントを無効にしました',
    ],
    fix: '接続中のアカウントの /ca/list と /cert/list で得た識別子を使ってください。',
    retry: refusedAgain,
  },
  AccountError: {
    meaning: 'アカウントの保存データが壊れています。',
    causes: ['アカウントの記録が完全性の検査に通りません。プログラムの外で変更されています'],
    fix: '管理者がバックアップから記録を復元し、データベースを変更した原因を調べます。',
    retry: '管理者がアカウントを修復した後に再試行してください。',
  },
  AccountNotFound: {
    meaning: 'このメールアドレスのアカウントはありません。',
    causes: ['email の綴りが違います', 'アカウントが別の環境にあります'],
    fix: 'アカウント作成時のアドレスを送ってください。大文字と小文字は区別しません。',
    retry: refusedAgain,
  },
  AccountNotLoaded: {
    meaning: 'アカウントのデータを読み込めませんでした。',
    causes: [
      'セッションが開いている間にアカウントが削除されました',
      '保存されたアカウントの API キーを開けません',
    ],
    fix: 'アカウントが存在しデータが完全であるかを管理者に確かめてください。',
    retry: '管理者がアカウントを使えるようにした後に再試行してください。',
  },
  ApiKeyMismatch: {
    meaning: '/connect の digest が、このアカウントの API キーで作られたものではありません。',
    causes: [
      'API キーが別のアカウントのものか、途中までしか写されていません',
      '送信したものと異なるバイト列から digest を計算しています',
      'API キーを 16 進数として復号しています。文字列そのものが鍵です',
    ],
    fix: 'API キーを文字列のまま使い、「&digest=」より前の本文そのものの HMAC-SHA-256 を計算して、その本文を送ってください。',
    retry: refusedAgain,
  },
  InputFailure: {
    meaning: 'パラメーターの値が無効です。どのパラメーターかは本文に示されます。',
    causes: [
      'C が大文字の ISO 3166-1 alpha-2 コードではありません',
      'ca_id または cert_id が 10 進数ではありません',
      'what、status、hash_method の値が一覧にありません',
      'SAN がその種類の名前として正しくないか、SANs が空で送られています',
      'パラメーターが重複しているか、パーセント符号化または UTF-8 が正しくありません',
      '本文のメディア型が application/x-www-form-urlencoded ではありません',
      '本文が上限を超えている(HTTP 413)か、圧縮されています(HTTP 415)',
    ],
    fix: '示されたパラメーターを直し、署名し直して送ってください。',
    retry: refusedAgain,
  },
  InvalidToken: {
    meaning: 'セッションのトークンが不明か、期限が切れています。',
    causes: [
      'セッションが一定時間(管理者が変えていなければ 30 分)使われませんでした',
      'このトークンで /disconnect が呼ばれました',
      'アカウントのパスフレーズが変更され、すべてのセッションが終了しました',
    ],
    fix: '/connect を呼び、新しいトークンを使ってください。',
    retry: '接続し直した後、すぐに再試行できます。',
  },
  MethodDisallowed: {
    meaning: '要求が POST ではありません。',
    causes: [
      'ブラウザーや死活監視がこのアドレスを開きました',
      'リダイレクトにより POST が GET に変わりました',
    ],
    fix: 'https のアドレスに直接 POST を送ってください。',
    retry: refusedAgain,
  },
  MissingParameter: {
    meaning: '必須のパラメーターがありません。どのパラメーターかは本文に示されます。',
    causes: ['パラメーターを送っていません', '本文を送っていないか、リダイレクトで失われました'],
    fix: 'パラメーターを追加し、署名し直して送ってください。',
    retry: refusedAgain,
  },
  NotFound: {
    meaning: '該当する認証局、証明書、項目、またはエンドポイントがありません。',
    causes: [
      'ca_id または cert_id に該当するものがありません',
      '認証局が、その証明書とともに削除されました',
      '証明書が別の場所で作られたため、鍵や要求がここに保存されていません',
      'アドレスの綴りが違います',
    ],
    fix: '/ca/list と /cert/list で得た識別子を使い、アドレスを確かめてください。',
    retry: refusedAgain,
  },
  NotLatest: {
    meaning: 'この証明書はすでに再発行されており、もう一度再発行することはできません。',
    causes: ['再発行の後も古い証明書の識別子を使っています'],
    fix: '最新の証明書を再発行してください。/cert/list には置き換えられていないものだけが並びます。',
    retry: refusedAgain,
  },
  PassphraseFailure: {
    meaning: 'パスフレーズが違います。',
    causes: [
      'パスフレーズの綴りが違うか、変更されています',
      '空白などの文字が、別の文字に復号される形で符号化されています',
    ],
    fix: '現在のパスフレーズを UTF-8 で送ってください。',
    retry: 'そのままでは再試行しないでください。続けて間違えると、試行が遅らされます。',
  },
  RateLimitExceeded: {
    meaning: '認証局または証明書の作成が速すぎるか、同時の試行が多すぎます。',
    causes: [
      '一定時間内の作成数の上限を超えました',
      '間違ったパスフレーズが続きました',
      '多くのクライアントが同時に接続しました',
    ],
    fix: 'Retry-After の時間だけ待ってください。頻繁に起きる場合は、上限の引き上げを管理者に依頼してください。',
    retry: 'Retry-After の秒数の後、そのまま再試行できます。',
  },
  SessionError: {
    meaning: 'セッションは存在しますが、鍵を使うために必要なものが失われています。',
    causes: ['保存されたセッションがこのトークンで開けません。プログラムの外で変更されています'],
    fix: '/connect を呼び、新しいトークンを使ってください。',
    retry: '接続し直した後、すぐに再試行できます。',
  },
  SignatureFailure: {
    meaning: '要求が正しく署名されていません。',
    causes: [
      'digest がないか、重複しているか、64 桁の 16 進数ではありません',
      '送信したものと異なるバイト列から digest を計算しています',
      'トークンとは別のアカウントの API キーで署名しています',
    ],
    fix: 'token を含め、「&digest=」より前の本文そのものの HMAC-SHA-256 を計算して、その本文を送ってください。',
    retry: refusedAgain,
  },
  StatusDisallowed: {
    meaning: '証明書をこの状態にすることはできません。',
    causes: [
      '証明書の期限が切れているか、再発行により古くなっています',
      'expired または obsolete が求められました。これらは自動的に付く状態です',
      '秘密鍵の漏えいが証明されたため、失効は取り消せません',
    ],
    fix: '変更は good、hold、revoked の間だけにしてください。期限の切れた証明書は再発行してください。',
    retry: refusedAgain,
  },
  UnknownError: {
    meaning: 'サーバー内部で失敗しました。',
    causes: [
      '保存された認証局を開けません',
      'ディスクがいっぱいか、データベースが応答しません(HTTP 503)',
      'プログラムの欠陥です。原因は要求番号とともにログに残ります',
    ],
    fix: '応答の本文と時刻を管理者に伝えてください。/cert/new や /cert/reissue の後は、まず /cert/list を確かめてください。',
    retry: '応答に Retry-After があればその後に、なければ管理者の対応後に再試行してください。',
  },
}
