import { type DestinationStream, destination, type Logger, pino } from 'pino'

/**
 * Members that never reach the log, at the first two levels of the facts of a line. The rule is that secrets
 * are not logged at all; this catches the line that forgot it.
 */
const secretMembers: ReadonlySet<string> = new Set([
  'passphrase',
  'password',
  'token',
  'apiKey',
  'tinycertApiKey',
  'digest',
  'secret',
  'privateKey',
  'masterKey',
  'vaultKey',
  'body',
  'headers',
  'authorization',
  'cookie',
  'databaseUrl',
])

const censored = '[secret]'

/**
 * The log: one JSON object a line, with `level` as a word, `time` in UTC, `pid` and `msg`. Written at once, so
 * that nothing is lost when the process ends; request lines are below the usual level.
 *
 * @param to standard output unless given
 */
export function createLog(level: string, to: DestinationStream = destination({ fd: 1, sync: true })): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: withoutSecrets },
      serializers: { err: errorFacts, error: errorFacts, cause: errorFacts },
    },
    to,
  )
}

type Facts = Record<string, unknown>

/**
 * The same facts when nothing secret is among them. Looks at each member once; pino's own redaction tries every
 * path on every line, which was a third of the price of a line.
 */
function withoutSecrets(facts: Facts): Facts {
  let clean: Facts | undefined
  for (const [name, value] of Object.entries(facts)) {
    const shown = secretMembers.has(name) ? censored : isPlain(value) ? withoutSecretsBelow(value) : value
    if (shown === value) continue
    clean ??= { ...facts }
    clean[name] = shown
  }
  return clean ?? facts
}

function withoutSecretsBelow(facts: Facts): Facts {
  const secret = Object.keys(facts).filter((name) => secretMembers.has(name))
  if (secret.length === 0) return facts
  return { ...facts, ...Object.fromEntries(secret.map((name) => [name, censored])) }
}

/** Errors are told by their serializer. */
function isPlain(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !(value instanceof Error)
}

/** How many causes behind an error are shown. */
const deepestCause = 5

/**
 * What the log says of an error: name, code, message and stack, and the same of its causes. Other members are
 * left out, because libraries keep statements, rows and connection strings there.
 */
export function errorFacts(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: `a ${typeof error} was thrown` }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause =
    error.cause === undefined || depth >= deepestCause ? {} : { cause: errorFacts(error.cause, depth + 1) }
  return { name: error.name, ...code, message: error.message, stack: error.stack, ...cause }
}
