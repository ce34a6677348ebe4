import type { Messages } from './english.ts'
import { parameterName, quote } from './quote.ts'

const inputReasons: Messages['inputReasons'] = {
  'percent-encoding': 'パーセント符号化が正しくありません。「%」の後には 16 進数字が 2 桁必要です',
  'not-utf8': 'UTF-8 ではありません。UTF-8 に変換してからパーセント符号化してください',
  nul: '文字 U+0000 を含んでいます。取り除いてください',
  brackets: '角括弧の対応が取れていません。SANs[0][DNS] のように書いてください',
  'too-deep': '入れ子が深すぎます。名前に続く角括弧は 2 つまでです',
  'too-many-pairs': 'パラメーターが多すぎます。1,000 個以下にしてください',
  repeated: '複数回指定されています。1 回だけ送ってください',
  'not-text': '値は 1 つだけです。角括弧を付けずに送ってください',
  empty: '空にはできません',
  'not-an-id': '41 のような 10 進数の識別子でなければなりません',
  'hash-method': 'sha256(許可されている場合は sha1)でなければなりません',
  'sha1-not-granted': 'sha256 でなければなりません。このアカウントでは SHA-1 は許可されていません',
  'ca-item': 'cert でなければなりません',
  'certificate-item': 'cert、chain、csr、key.dec、key.enc、pkcs12 のいずれかでなければなりません',
  'status-flags': '1(expired)、2(good)、4(revoked)、8(hold)の和、つまり 1 から 15 でなければなりません',
  'status-word': 'good、hold、revoked のいずれかでなければなりません',
  'names-empty': '空にはできません。別名がない場合は SANs を送らないでください',
  'names-form': '0 から番号を付けた SANs[0][DNS] の形でなければなりません',
  'name-type': '種類は DNS、IP、email、URI のいずれかを、この表記のまま指定しなければなりません',
  'strict-path': 'cert/new のように、要求の送り先のエンドポイントでなければなりません',
  'strict-time': 'サーバーの時計から 5 分以内の Unix 秒でなければなりません',
  'strict-nonce': '16 から 64 文字の英数字、「-」、「_」でなければなりません',
  'strict-nonce-used': 'すでに使われています。要求ごとに新しい値にしてください',
}

const nameDefects: Messages['nameDefects'] = {
  empty: '空です',
  'too-long': '長すぎます',
  'label-too-long': '63 文字を超えるラベルがあります',
  'too-many-labels': 'ラベルが多すぎます',
  'empty-label': '空のラベルがあります',
  'trailing-dot': '末尾にドットがあります。ドットを取り除いてください',
  hyphen: 'ハイフンで始まるか終わるラベルがあります',
  'reserved-label': 'A ラベルではないのに 3 文字目と 4 文字目が「--」のラベルがあります',
  punycode: 'xn-- で始まるラベルが正しい名前に復号できません',
  underscore: '下線は使えません',
  character: '使えない文字を含んでいます',
  'control-character': '制御文字を含んでいます',
  wildcard: 'ワイルドカードは *.example.com のように左端のラベル全体としてのみ使えます',
  'wildcard-public-suffix': '公開サフィックス直下のワイルドカードは使えません',
  'address-as-name': 'IP アドレスです。種類 IP で送ってください',
  address: 'IPv4 または IPv6 のアドレスではありません',
  'address-special-purpose': '特別な用途に予約されたアドレスです',
  internal: '内部の名前です',
  email: 'メールアドレスではありません',
  uri: 'URI ではありません',
  'type-not-allowed': 'この種類の名前はここでは使えません',
  'not-a-name': '名前ではありません',
  country: 'NL のような大文字の ISO 3166-1 alpha-2 コードではありません',
  'outside-constraints': 'この認証局が発行できる範囲の外です',
  'not-among-alternative-names': 'SANs に含まれていません',
}

const weaknesses: Messages['weaknesses'] = {
  roca: '欠陥のある生成器(ROCA)で作られています',
  debian: '予測できる Debian の鍵です',
  fermat: '素数どうしが近すぎます',
  'small-factor': '法が小さな因数を持っています',
  exponent: '公開指数が 65537 ではありません',
  modulus: '法が健全ではありません',
  curve: '曲線が許可されていません',
  'explicit-curve': '曲線がパラメーターで与えられています',
  point: '点が曲線上にありません',
  published: '秘密鍵が公に知られています',
}

const validityReasons: Messages['validityReasons'] = {
  'too-long': '有効期間が認証局の上限を超えます',
  'outlives-issuer': '1 年の証明書は認証局の期限を越えます',
  'starts-in-future': '証明書の開始が未来になります',
  backdated: '証明書の開始が過去にさかのぼりすぎます',
  'ends-before-start': '証明書の終了が開始より前になります',
}

/** Whole seconds, rounded up. */
const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000))

/** Every sentence this face says, in Japanese. */
export const japanese: Messages = {
  parameterMissing: (parameter) =>
    `パラメーター ${parameterName(parameter)} は必須です。追加し、署名し直して送ってください。`,
  inputReasons,
  parameterInvalid: (parameter, reason) =>
    `パラメーター ${parameterName(parameter)} が正しくありません: ${reason ?? '値が無効です'}。`,
  nameDefects,
  nameRefused: (parameter, value, defect) =>
    `パラメーター ${parameterName(parameter)} の値 ${quote(value)} は証明書に入れられません: ${defect}。`,
  namesMissing: 'SANs がない場合、パラメーター CN は空にできません。証明書には名前が必要です。',
  namesTooMany: (count, maximum) =>
    `パラメーター SANs に名前が ${count} 個あります。1 枚の証明書には ${maximum} 個までです。複数の証明書に分けてください。`,
  certificateTooLarge: (bytes, maximum) =>
    `パラメーター SANs により証明書が ${bytes} バイトになります。上限は ${maximum} バイトです。名前を減らしてください。`,
  validityReasons,
  validityRefused: (reason) =>
    `パラメーター ca_id の認証局はこの証明書を発行できません: ${reason}。/ca/new で新しい認証局を作ってください。`,
  lintFailed: (findings) =>
    `パラメーター CN または SANs では規則に反する証明書になります(${findings})。名前を変えてください。`,
  weaknesses,
  keyWeak: (weakness) =>
    `パラメーター cert_id の証明書の鍵は脆弱です: ${weakness}。/cert/new で新しい証明書を作ってください。`,
  keyRefused:
    'パラメーター cert_id の証明書の鍵はもう証明できません。/cert/new で新しい証明書を作ってください。',
  authorityNotActive:
    'パラメーター ca_id の認証局はもう発行していません。/ca/new で新しい認証局を作ってください。',
  mediaType: (received) =>
    `Content-Type ${quote(received)} は使えません。application/x-www-form-urlencoded で送ってください。`,
  mediaTypeMalformed:
    'Content-Type がメディア型ではありません。application/x-www-form-urlencoded を指定してください。',
  contentEncoding: 'この Content-Encoding は使えません。本文を圧縮せずに送ってください。',
  headTooLarge: 'アドレスまたはヘッダーが長すぎます。パラメーターは本文で送ってください。',
  plainHttpRefused: '暗号化されていない HTTP は使えません。https のアドレスを使ってください。',
  bodyTooLarge: '本文が大きすぎます。パラメーターを減らすか短くしてください。',
  bodyUnreadable: '本文を読み取れません。application/x-www-form-urlencoded で送ってください。',
  revocationReasonRefused: 'パラメーター status が求める失効理由は指定できません。',
  accountExists: (email) => `パラメーター email の値 ${quote(email)} はすでに使われています。`,
  methodDisallowed: (method) => `メソッド ${quote(method)} は使えません。POST で送ってください。`,
  pathUnknown: (path) =>
    `エンドポイント ${quote(path)} はありません。エンドポイントの一覧で確かめてください。`,
  authorityUnknown: 'この ca_id の認証局はありません。識別子は /ca/list で確かめてください。',
  certificateUnknown: 'この cert_id の証明書はありません。識別子は /cert/list で確かめてください。',
  itemAbsent: (item) =>
    `この証明書の ${item} はここに保存されていません。別の項目を求めるか、手元の写しを使ってください。`,
  certificateSuperseded:
    'この証明書はすでに再発行されています。最新の証明書を再発行してください。識別子は /cert/list で確かめられます。',
  statusChangeRefused: (from, to) =>
    `状態を ${from} から ${to} に変えることはできません。変えられるのは good、hold、revoked の間だけです。代わりに再発行してください。`,
  authorityOfAnother: 'この認証局は別のアカウントのものです。自分の認証局は /ca/list で確かめてください。',
  certificateOfAnother:
    'この証明書は別のアカウントのものです。自分の証明書は /cert/list で確かめてください。',
  accessDenied: 'このアカウントには許可されていません。このサーバーの管理者に問い合わせてください。',
  accountUnknown: 'このメールアドレスのアカウントはありません。パラメーター email を確かめてください。',
  accountCorrupt: 'このアカウントの保存データが壊れています。復元をこのサーバーの管理者に依頼してください。',
  accountUnavailable:
    'このアカウントのデータを読み込めませんでした。このサーバーの管理者に問い合わせてください。',
  apiKeyMismatch:
    'digest がこのアカウントの API キーと合いません。API キーと digest の計算方法を確かめてください。',
  signatureFailure:
    '要求が正しく署名されていません。送信する他のパラメーターの HMAC-SHA-256 を API キーで計算し、64 桁の 16 進数で digest として末尾に付けてください。',
  passphraseFailure: 'パスフレーズが違います。パラメーター passphrase を確かめてください。',
  invalidToken: 'トークンが不明か、期限が切れています。/connect で接続し直してください。',
  sessionError: 'セッションが正しく準備されていません。/connect で接続し直してください。',
  rateExceeded: (limit, windowMs, retryAfterMs) =>
    `作成数が多すぎます。${seconds(windowMs)} 秒間に ${limit} 件までです。${seconds(retryAfterMs)} 秒後に再試行してください。`,
  throttled: (retryAfterMs) => `試行が集中しています。${seconds(retryAfterMs)} 秒後に再試行してください。`,
  unavailable: (operator) =>
    `現在この処理はできません。時間をおいて再試行してください。${operator === null ? '' : `運用者からの連絡: ${operator}`}`,
  issuanceUncertain: '証明書が作られたかどうか確定していません。再試行の前に /cert/list で確かめてください。',
  unknownError: (requestId) =>
    `サーバー内部で失敗しました。このサーバーの管理者に${requestId === null ? '' : `要求番号 ${requestId} を添えて`}問い合わせてください。`,
}
