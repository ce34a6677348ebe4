import type { ErrorCatalogue, ErrorEntry, RetryAdvice } from '../../core/catalogue.ts'
import { type ExplainedCode, explainedCodes, rowOf } from './explained-codes.ts'
import { english } from './explanations/english/english.ts'
import { japanese } from './explanations/japanese/japanese.ts'

/** Where nothing is said, the caller has to change something first. */
const retryAdvice: { readonly [C in ExplainedCode]?: RetryAdvice } = {
  request_limit_exceeded: 'wait',
  service_unavailable: 'wait',
  internal_error: 'operator',
  no_private_ca_enabled: 'operator',
}

/** What this face's errors mean and what to do about them. */
export const certcentralCatalogue: ErrorCatalogue = {
  face: 'certcentral',
  title: { en: 'CertCentral Services API v2', ja: 'CertCentral Services API v2' },
  entries: explainedCodes.map(
    (code): ErrorEntry => ({
      code,
      httpStatus: rowOf(code).status,
      retryAdvice: retryAdvice[code] ?? 'fix',
      text: { en: english[code], ja: japanese[code] },
    }),
  ),
}
