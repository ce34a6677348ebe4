/** A command cannot do what it was asked; the message is one line that says why and what to do next. */
export class CommandError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandError'
  }
}

/** The command line itself is wrong: exit status 2. */
export class UsageError extends CommandError {}
