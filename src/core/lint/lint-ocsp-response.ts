import { DerError } from '../../pki/der/errors.ts'
import { isPkiError } from '../../pki/errors.ts'
import { parseOcspResponse } from '../../pki/ocsp-response-reader.ts'
import type { Finding } from './rule.ts'

/** Judges an OCSP response, RFC 6960 section 4.2.2.1: how its times stand to each other. */
export function lintOcspResponse(responseDer: Uint8Array): Finding[] {
  const finding = (rule: string, detail: string): Finding => ({
    rule,
    severity: 'error',
    section: 'RFC 6960 section 4.2.2.1',
    detail,
  })
  try {
    const response = parseOcspResponse(responseDer)
    if (response.responseStatus !== 'successful') {
      return []
    }
    const { producedAt, responses } = response.basic
    return responses.flatMap(({ thisUpdate, nextUpdate }) => [
      ...(thisUpdate > producedAt
        ? [finding('ocsp-this-update-not-later', 'thisUpdate after producedAt')]
        : []),
      ...(nextUpdate !== undefined && nextUpdate < thisUpdate
        ? [finding('ocsp-next-update-order', 'nextUpdate before thisUpdate')]
        : []),
    ])
  } catch (error) {
    if (error instanceof DerError || isPkiError(error)) {
      return [finding('ocsp-structure', error.message)]
    }
    throw error
  }
}
