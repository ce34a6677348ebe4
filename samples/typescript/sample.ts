/** Issues, shows and revokes certificates: sample.ts issue PROFILE SEAT CSR-FILE | show SERIAL | revoke SERIAL REASON */
import { readFileSync } from 'node:fs'
import { type CallEvent, ChanceryClient, ChanceryError, type RevocationReason } from '@chancery/client'

const seconds = (name: string, fallback: number): number => Number(process.env[name] ?? fallback) * 1000

function log(event: CallEvent): void {
  const ended =
    event.type === 'response'
      ? String(event.status)
      : event.type === 'wait'
        ? `waiting ${(event.delayMs / 1000).toFixed(1)} s`
        : event.type === 'no_response'
          ? event.reason
          : 'sent'
  process.stderr.write(`${event.method} ${event.path}: try ${event.attempt}, ${ended} [${event.requestId}]\n`)
}

async function main([verb, ...args]: readonly string[], signal: AbortSignal): Promise<void> {
  const { DC_BASE: baseUrl, DC_API_KEY: apiKey } = process.env
  if (!baseUrl) throw new TypeError('set DC_BASE to the address of the service, such as https://ca.example')
  if (!apiKey) throw new TypeError('set DC_API_KEY to the token of a service user')
  const client = new ChanceryClient({
    baseUrl,
    apiKey,
    onEvent: log,
    retry: {
      attempts: Number(process.env.DC_ATTEMPTS ?? 5),
      deadlineMs: seconds('DC_DEADLINE', 120),
      attemptTimeoutMs: seconds('DC_READ_TIMEOUT', 30),
      backoffBaseMs: seconds('DC_BACKOFF_BASE', 1),
      backoffCapMs: seconds('DC_BACKOFF_CAP', 60),
    },
  })
  const { certificates } = client.trustLifecycle
  const [first = '', second = '', third = ''] = args
  if (verb === 'issue' && args.length === 3) {
    const request = {
      profile: { id: first },
      seat: { seat_id: second },
      attributes: { subject: { common_name: second } },
      csr: readFileSync(third, 'utf8'),
    }
    const pollMs = seconds('DC_POLL', 5)
    process.stdout.write((await certificates.issueAndAwait(request, { signal, pollMs })).certificate)
  } else if (verb === 'show' && args.length === 1) {
    const { serial_number, status } = await certificates.details(first, {}, { signal })
    process.stdout.write(`${serial_number} ${status}\n`)
  } else if (verb === 'revoke' && args.length === 2) {
    await certificates.revoke(first, { revocation_reason: second as RevocationReason }, { signal })
    process.stdout.write(`revoked ${first}\n`)
  } else {
    throw new TypeError('usage: sample.ts issue PROFILE SEAT CSR-FILE | show SERIAL | revoke SERIAL REASON')
  }
}

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
try {
  await main(process.argv.slice(2), interrupted.signal)
} catch (error) {
  const isCancelled = error instanceof ChanceryError && error.kind === 'aborted'
  process.stderr.write(`${isCancelled ? 'cancelled' : error instanceof Error ? error.message : error}\n`)
  process.exitCode = isCancelled ? 130 : error instanceof TypeError ? 2 : 1
}
