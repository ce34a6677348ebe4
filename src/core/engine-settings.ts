import type { EngineSettings } from './engine.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const requestWindows = [
  { limit: 100, windowMs: 5_000 },
  { limit: 1_000, windowMs: 3 * minute },
]

/** Defaults of every figure but the public URL, which has none. */
export const defaultEngineSettings: Omit<EngineSettings, 'publicUrl'> = {
  sessionIdleMs: 30 * minute,
  crlValidityMs: 7 * day,
  crlRenewBeforeMs: 3 * day,
  crlDelayMs: 30_000,
  ocspValidityMs: 24 * hour,
  backdateMs: 0,
  maximumCertificateBytes: 32 * 1024,
  maximumNames: 250,
  maximumReissues: 1_000,
  maximumDuplicates: 1_000,
  limits: {
    certcentral: requestWindows,
    one: requestWindows,
    'tinycert.authorities': [{ limit: 10, windowMs: 5 * minute }],
    'tinycert.certificates': [{ limit: 100, windowMs: 5 * minute }],
  },
  failedAttempts: [{ limit: 100, windowMs: 5 * minute }],
}
