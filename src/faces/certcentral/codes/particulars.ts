import type { ChallengeDefect, EndpointFailure } from '../../../core/orders/order-faults.ts'
import type { HttpFailureReason } from '../../../core/validation/outbound.ts'
import type { Wording } from '../wire-error.ts'

/** What the operator says about a maintenance, in whatever language that is. */
export const operatorSays = (message: string): Wording => ({
  en: `The operator says: ${message}`,
  ja: `運用者からの連絡: ${message}`,
})

/** Why the endpoint of a webhook did not take a call. Nothing that it sent is repeated but its status (case D6). */
export function endpointWording(failure: EndpointFailure): Wording {
  if ('reason' in failure) return unanswered[failure.reason]
  const { status } = failure
  return {
    en: `The endpoint answered with status ${status}; it has to answer with 2xx.`,
    ja: `エンドポイントがステータス ${status} で応答しました。2xx で応答する必要があります。`,
  }
}

const redirected: Wording = {
  en: 'The endpoint answered with a redirect, and none is followed.',
  ja: 'エンドポイントがリダイレクトで応答しました。リダイレクトには従いません。',
}

const unanswered: { readonly [R in HttpFailureReason]: Wording } = {
  url: {
    en: 'It has to be an https address without user name, password and fragment, at a port that may be called.',
    ja: 'ユーザー名、パスワード、フラグメントを含まず、許可されたポートの https アドレスを指定してください。',
  },
  'name-not-resolved': {
    en: 'No address was found in DNS for the host of the endpoint.',
    ja: 'エンドポイントのホストのアドレスが DNS で見つかりません。',
  },
  'address-refused': {
    en: 'The host of the endpoint has no address that may be called; private networks have to be allowed by the operator.',
    ja: 'エンドポイントのホストに接続を許可されたアドレスがありません。プライベートネットワークは運用者による許可が必要です。',
  },
  'not-connected': {
    en: 'No connection to the endpoint could be made.',
    ja: 'エンドポイントに接続できません。',
  },
  timeout: {
    en: 'The endpoint did not answer in time.',
    ja: 'エンドポイントが時間内に応答しませんでした。',
  },
  'redirect-refused': redirected,
  'redirect-loop': redirected,
  'too-many-redirects': redirected,
  compressed: {
    en: 'The endpoint answered with a content coding, which is not taken.',
    ja: 'エンドポイントの応答が圧縮されています。圧縮された応答は使用できません。',
  },
  'too-large': {
    en: 'The answer of the endpoint is too large.',
    ja: 'エンドポイントの応答が大きすぎます。',
  },
  tls: {
    en: 'TLS with the endpoint failed: its certificate has to be valid for its host and of a CA that is trusted here.',
    ja: 'エンドポイントとの TLS 接続に失敗しました。ホストに対して有効で、信頼された CA の証明書が必要です。',
  },
  malformed: {
    en: 'The answer of the endpoint is not HTTP that can be read.',
    ja: 'エンドポイントの応答を HTTP として読み取れません。',
  },
}

/** Why a challenge is not passed. */
export const challengeWordings: { readonly [D in ChallengeDefect]: Wording } = {
  'not-sent': {
    en: 'The endpoint was not sent a challenge yet; send one first.',
    ja: 'エンドポイントにチャレンジがまだ送信されていません。先に送信してください。',
  },
  'not-returned': {
    en: 'The endpoint did not answer with the value that it was sent; give the value as challenge, or send a new one.',
    ja: 'エンドポイントが送信された値を返していません。値を challenge に指定するか、新しいチャレンジを送信してください。',
  },
  'other-value': {
    en: 'It is not the value that the endpoint was sent last.',
    ja: 'エンドポイントに最後に送信された値と一致しません。',
  },
}
