/**
 * Why the program does not start. The message is the one line an operator reads: it names what is wrong and
 * what to do, and holds no secret.
 */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartError'
  }
}
