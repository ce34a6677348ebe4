import type { ValidityWish } from '../../../core/orders/order.ts'
import type { Reader } from '../reader.ts'

/** Beyond it nothing is asked for in earnest; the product decides what it has. */
const MOST = 100_000

/**
 * How long an order lasts: `order_validity`, else one of the older members beside it. Zero and the empty text are
 * absent, and where several are given a date is meant before days, and days before years.
 * @param ofCertificate for how long its certificate is wished: where nothing else is said, the order lasts as long
 */
export function readOrderValidity(body: Reader, ofCertificate: ValidityWish | null): ValidityWish {
  const wish =
    readWish(body.object('order_validity'), 'custom_expiration_date', 'days', 'years') ??
    readWish(body, 'custom_expiration_date', 'validity_days', 'validity_years') ??
    ofCertificate
  if (wish === null) body.requireUnlessWrong('order_validity', older)
  return wish ?? { years: 1 }
}

const older = ['validity_years', 'validity_days', 'custom_expiration_date'] as const

/** `cert_validity` of a certificate; null: as long as may be. */
export function readCertificateValidity(certificate: Reader): ValidityWish | null {
  return readWish(certificate.object('cert_validity'), 'custom_expiration_date', 'days', 'years')
}

function readWish(reader: Reader, date: string, days: string, years: string): ValidityWish | null {
  const [lastDay, wholeDays, wholeYears] = [
    reader.day(date),
    reader.integer(days, 0, MOST),
    reader.integer(years, 0, MOST),
  ]
  if (lastDay !== undefined) return { date: lastDay }
  if (wholeDays !== undefined && wholeDays > 0) return { days: wholeDays }
  return wholeYears !== undefined && wholeYears > 0 ? { years: wholeYears } : null
}
