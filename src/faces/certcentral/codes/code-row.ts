import type { CodeRow } from '../wire-error.ts'

/** A code that says all by itself. */
export const alone = (status: CodeRow['status'], en: string, ja: string): CodeRow => ({
  status,
  form: 'alone',
  message: { en: () => en, ja: () => ja },
})

/** A code that names a parameter, or what it is about. */
export const about = (
  form: 'qualified' | 'parameter',
  status: CodeRow['status'],
  en: (text: string) => string,
  ja: (text: string) => string,
): CodeRow => ({ status, form, message: { en, ja } })
