import type { HttpNotifier, Mailer } from './outbound.ts'
import type { Perspectives } from './perspectives.ts'

/** Everything beyond this machine that verbs ask or tell, and the names by which it knows us. */
export interface Outside {
  /** From where control and CAA are looked at. */
  readonly perspectives: Perspectives
  readonly mailer: Mailer
  readonly notifier: HttpNotifier
  /** Host name that aliases proving control point at, lower case. */
  readonly cnameTarget: string
  /** Port that files proving control are read from; 80 unless the operator said otherwise. */
  readonly httpPort: number
  /** Domain names by which CAA records authorise this CA, lower case. */
  readonly caaIdentities: readonly string[]
}
