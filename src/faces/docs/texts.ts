import type { Localised, RetryAdvice } from '../../core/catalogue.ts'

/** Words of the pages themselves; what a face says of its errors is in its catalogue. */
interface Texts {
  readonly title: string
  readonly introduction: string
  readonly errors: string
  readonly routes: string
  readonly code: string
  readonly status: string
  readonly meaning: string
  readonly causes: string
  readonly fix: string
  readonly retry: string
  readonly method: string
  readonly path: string
  readonly otherLanguage: string
  readonly advice: Readonly<Record<RetryAdvice, string>>
}

const english: Texts = {
  title: 'Chancery',
  introduction: 'What this server answers, and what its error codes mean.',
  errors: 'Error codes',
  routes: 'Paths',
  code: 'Code',
  status: 'HTTP status',
  meaning: 'Meaning',
  causes: 'Causes',
  fix: 'What to do',
  retry: 'Try again?',
  method: 'Method',
  path: 'Path',
  otherLanguage: '日本語',
  advice: {
    fix: 'after a correction',
    wait: 'after a wait',
    reconnect: 'after a new login',
    operator: 'after the operator acted',
  },
}

const japanese: Texts = {
  title: 'Chancery',
  introduction: 'このサーバーが応答する API と、エラーコードの意味です。',
  errors: 'エラーコード',
  routes: 'パス',
  code: 'コード',
  status: 'HTTP ステータス',
  meaning: '意味',
  causes: '原因',
  fix: '対処',
  retry: '再試行',
  method: 'メソッド',
  path: 'パス',
  otherLanguage: 'English',
  advice: {
    fix: '修正してから',
    wait: '時間をおいてから',
    reconnect: '接続し直してから',
    operator: '管理者の対応後に',
  },
}

export const texts: Localised<Texts> = { en: english, ja: japanese }
