export { AccountManager } from './apis/account-manager.ts'
export { CertificateOwners } from './apis/certificate-owners.ts'
export {
  type AwaitOptions,
  Certificates,
  type IssuedCertificate,
} from './apis/certificates.ts'
export { Enrollments } from './apis/enrollments.ts'
export { PrivateCa } from './apis/private-ca.ts'
export { Profiles } from './apis/profiles.ts'
export { Seats } from './apis/seats.ts'
export { TrustLifecycle } from './apis/trust-lifecycle.ts'
export type { CallOptions } from './call.ts'
export { ChanceryClient, type ClientOptions } from './client.ts'
export { type Clock, systemClock } from './clock.ts'
export type * from './contract/index.ts'
export type { ErrorDetail } from './error-body.ts'
export { ChanceryError, type Failure, type FailureKind, type GaveUp, IssuanceError } from './errors.ts'
export type { CallEvent, Listener } from './events.ts'
export { defaultRetryPolicy, type RetryPolicy } from './retry-policy.ts'
export {
  type Fetch,
  fetchTransport,
  NotSentError,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from './transport.ts'
