/** What one check found. `degraded`: the service answers, and somebody has to look. */
export type CheckResult = {
  readonly status: 'ok' | 'degraded' | 'failed'
  /** What is wrong, without internals; absent when nothing is. */
  readonly reason?: string
}

export interface ReadinessCheck {
  readonly name: string
  /** An exception counts as `failed`. */
  readonly run: () => CheckResult | Promise<CheckResult>
}

export interface Readiness {
  /** The worst of the checks: `ready`, `degraded` or `unready`. */
  readonly status: 'ready' | 'degraded' | 'unready'
  readonly checks: readonly ({ readonly name: string } & CheckResult)[]
}

export interface ReadinessOptions {
  readonly checks: readonly ReadinessCheck[]
  /** A check that takes longer has failed. */
  readonly timeoutMs: number
  /** How long a finding is repeated without looking again, because anybody may ask as often as he likes. */
  readonly freshMs: number
  /** Told of what a check threw. */
  readonly onError: (check: string, error: unknown) => void
  /** Milliseconds that only rise. */
  readonly monotonic: () => number
}

/** Runs the checks side by side; callers at the same time share one run. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  let found: Promise<Readiness> | undefined
  let foundAt = Number.NEGATIVE_INFINITY
  return () => {
    const now = options.monotonic()
    if (found === undefined || now - foundAt >= options.freshMs) {
      found = examine(options)
      foundAt = now
    }
    return found
  }
}

async function examine(options: ReadinessOptions): Promise<Readiness> {
  const checks = await Promise.all(
    options.checks.map(async (check) => ({ name: check.name, ...(await outcome(check, options)) })),
  )
  const worst = (status: CheckResult['status']) => checks.some((check) => check.status === status)
  return { status: worst('failed') ? 'unready' : worst('degraded') ? 'degraded' : 'ready', checks }
}

async function outcome(check: ReadinessCheck, options: ReadinessOptions): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'failed', reason: 'no answer in time' }), options.timeoutMs)
  })
  try {
    return await Promise.race([check.run(), late])
  } catch (error) {
    options.onError(check.name, error)
    return { status: 'failed', reason: 'the check failed; the log has the cause' }
  } finally {
    clearTimeout(timer)
  }
}
