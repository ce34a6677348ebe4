import type { ValidityWish } from '../../../core/orders/order.ts'
import type { OrderWish } from '../../../core/orders/order-wish.ts'
import type { Reader } from '../reader.ts'

/** Beyond it nothing is asked for in earnest; the product decides what it has. */
const MOST = 100_000

/**
 * How long an order lasts: `order_validity`, else one of the older members beside it. Zero and the empty text are
 * absent, and where several are given a date is meant before days, and days before years.
 * @param ofCertificate for how long its certificate is wished: where nothing else is said, the order lasts as long
 */
export function readOrderValidity(
  body: Reader,
  ofCertificate: ValidityWish | null,
): Pick<OrderWish, 'validity' | 'validityParameter'> {
  const present = readWish(body.object('order_validity'), 'custom_expiration_date', 'days', 'years')
  if (present !== null) return { validity: present, validityParameter: 'order_validity' }
  const former = readWish(body, 'custom_expiration_date', 'validity_days', 'validity_years')
  if (former !== null) return { validity: former, validityParameter: olderName(former) }
  if (ofCertificate !== null) {
    return { validity: ofCertificate, validityParameter: 'certificate.cert_validity' }
  }
  body.requireUnlessWrong('order_validity', older)
  return { validity: { years: 1 }, validityParameter: 'order_validity' }
}

function olderName(wish: ValidityWish): (typeof older)[number] {
  if ('date' in wish) return 'custom_expiration_date'
  return 'days' in wish ? 'validity_days' : 'validity_years'
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
