import type { ErrorCatalogue, ErrorEntry, RetryAdvice } from '../../core/catalogue.ts'
import { english } from './explanations/english.ts'
import { japanese } from './explanations/japanese.ts'
import { type Code, type ReasonRow, reasons } from './reasons.ts'

/** Where nothing is said, the caller has to change something first. */
const retryAdvice: { readonly [C in Code]?: RetryAdvice } = {
  rate_limit_exceeded: 'wait',
  client_error: 'wait',
  service_unavailable: 'wait',
  internal_server_error: 'operator',
}

const rows: readonly ReasonRow[] = Object.values(reasons)

/** What this face's errors mean and what to do about them. Reasons of one code share a status. */
export const oneCatalogue: ErrorCatalogue = {
  face: 'one',
  title: { en: 'DigiCert ONE APIs', ja: 'DigiCert ONE API' },
  entries: (Object.keys(english) as Code[]).map(
    (code): ErrorEntry => ({
      code,
      httpStatus: rows.find((row) => row.code === code)?.status ?? 500,
      retryAdvice: retryAdvice[code] ?? 'fix',
      text: { en: english[code], ja: japanese[code] },
    }),
  ),
}
