import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { MailFailure } from '../validation/outbound.ts'
import type { User } from './user.ts'

/** Until whoever cannot be mailed now is tried again. */
const RETRY_MS = 60_000

/**
 * Tells a user by mail that he has a name here. There is no secret in it.
 * @throws Fault state_refused for a program's user, overloaded when the mail was not handed over
 */
export async function sendWelcome(
  { outside, settings }: Pick<Engine, 'outside' | 'settings'>,
  user: User,
): Promise<void> {
  if (user.isApiOnly) {
    throw new Fault('state_refused', { object: 'user', state: 'a program', parameter: 'user_id' })
  }
  const text = [
    `Hello ${user.firstName} ${user.lastName},`,
    '',
    `an account was made for you at ${settings.publicUrl}. Your user name is ${user.username}.`,
    'Whoever made it gives you an API key.',
    '',
  ].join('\n')
  try {
    await outside.mailer.send({ to: user.email, subject: 'Your certificate account', text })
  } catch (cause) {
    if (!(cause instanceof MailFailure)) throw cause
    throw new Fault('overloaded', { retryAfterMs: RETRY_MS }, { cause })
  }
}
