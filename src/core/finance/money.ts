/** Amounts are integer cents, so that sums are exact. */
export type Cents = number

/** Beyond this no amount is taken: sums of many stay exact. */
export const MOST_CENTS: Cents = 100_000_000_000

/** `2454.00`, `-3.50`: as the API writes amounts. */
export function formatCents(cents: Cents): string {
  const whole = Math.abs(cents)
  const text = `${Math.trunc(whole / 100)}.${String(whole % 100).padStart(2, '0')}`
  return cents < 0 ? `-${text}` : text
}

/** Reads `12`, `12.5` or `12.50`; undefined for anything else, for negative amounts and for too large ones. */
export function parseCents(text: string): Cents | undefined {
  const parts = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.trim())
  if (parts === null) return undefined
  const [, whole = '', fraction = ''] = parts
  const cents = Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
  return cents <= MOST_CENTS ? cents : undefined
}
