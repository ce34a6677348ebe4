import type { Logger } from 'pino'

/**
 * Ends the process when something was thrown that nobody caught: what state it left is unknown. The log gets
 * the error as every other; Node's own report would print members of it that may be secret.
 */
export function exitOnUncaught(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'ended by an error that nobody caught')
    process.exit(1)
  })
}
