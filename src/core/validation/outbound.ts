/** Record types that the core asks for. */
export interface DnsData {
  /** 4 octets. */
  readonly A: Uint8Array
  /** 16 octets. */
  readonly AAAA: Uint8Array
  /** Target in lower case without the final dot. */
  readonly CNAME: string
  /** The character strings of one record put together (RFC 1035 section 3.3.14). */
  readonly TXT: Uint8Array
  readonly CAA: CaaRecord
}

export type DnsType = keyof DnsData

/** One property of RFC 8659 section 4.1. */
export interface CaaRecord {
  /** Bit 128 is Issuer Critical; the others are reserved and mean nothing. */
  readonly flags: number
  /** As published; tags are compared without regard to case. */
  readonly tag: string
  readonly value: string
}

/** What a resolver found, which may be nothing. */
export interface DnsAnswer<Type extends DnsType> {
  /** Empty where the name has no such records, or does not exist. */
  readonly records: readonly DnsData[Type][]
  /** False only on NXDOMAIN. */
  readonly exists: boolean
  /** The names that aliases led through, in order, the last being the one that the records belong to. */
  readonly aliases: readonly string[]
  /** The least time to live on the way, of a negative answer by RFC 2308 section 5; 0 where none was told. */
  readonly ttlSeconds: number
  /** Validated by DNSSEC, by the word of a resolver whose word counts. */
  readonly isAuthenticated: boolean
  /** The resolver that answered, as `address:port`. */
  readonly server: string
}

export type DnsFailureReason =
  /** RCODE 2, or any other than NOERROR and NXDOMAIN. */
  | 'server-failure'
  /** The resolver says that validation by DNSSEC failed (RFC 8914). */
  | 'bogus'
  | 'timeout'
  /** No resolver could be reached. */
  | 'unreachable'
  | 'malformed'
  /** Aliases go round, or there are too many of them. */
  | 'aliases'
  /** The name cannot be asked for. */
  | 'name'

/** Nobody knows whether there are such records: never the same as that there are none. */
export class DnsFailure extends Error {
  readonly reason: DnsFailureReason
  readonly queried: string
  readonly recordType: DnsType

  constructor(reason: DnsFailureReason, queried: string, recordType: DnsType, options?: ErrorOptions) {
    super(`DNS ${recordType} ${queried}: ${reason}`, options)
    this.name = 'DnsFailure'
    this.reason = reason
    this.queried = queried
    this.recordType = recordType
  }
}

/** A recursive resolver. */
export interface Resolver {
  /**
   * Follows aliases, except where CNAME itself is asked for.
   *
   * @param name A-labels without the final dot
   * @throws DnsFailure
   */
  resolve<Type extends DnsType>(name: string, type: Type, signal?: AbortSignal): Promise<DnsAnswer<Type>>
}

export interface HttpReply {
  readonly status: number
  readonly body: Uint8Array
  /** The address connected to on each hop, as `address:port`. */
  readonly addresses: readonly string[]
}

export type HttpFailureReason =
  /** Not an http or https URL of an allowed port, or one with credentials. */
  | 'url'
  | 'name-not-resolved'
  /** Every address of the name is one that is never called. */
  | 'address-refused'
  | 'not-connected'
  | 'timeout'
  | 'redirect-refused'
  | 'redirect-loop'
  | 'too-many-redirects'
  | 'compressed'
  | 'too-large'
  | 'tls'
  | 'malformed'

/** No answer that counts. Carries nothing that the other side sent (case D6). */
export class HttpFailure extends Error {
  readonly reason: HttpFailureReason

  constructor(reason: HttpFailureReason, options?: ErrorOptions) {
    super(`HTTP: ${reason}`, options)
    this.name = 'HttpFailure'
    this.reason = reason
  }
}

/** Calls to addresses that other people name, all through the guarded connector. */
export interface HttpProbe {
  /**
   * Reads a small file, following redirects. The certificate of an https hop is not judged: whoever proves
   * control may not have one yet.
   *
   * @throws HttpFailure
   */
  get(url: string): Promise<HttpReply>
}

/** Calls to a subscriber's own receiver. */
export interface HttpNotifier {
  /**
   * Refuses redirects, and judges the certificate of an https receiver. A long reply is cut.
   *
   * @throws HttpFailure
   */
  post(url: string, headers: Readonly<Record<string, string>>, body: string | Uint8Array): Promise<HttpReply>
}

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** The mail was not handed over. */
export class MailFailure extends Error {
  /** The server takes no mail to this address (RFC 5321 section 4.2.1, 5yz); otherwise trying again later may help. */
  readonly isFinal: boolean

  constructor({ isFinal = false, ...options }: ErrorOptions & { readonly isFinal?: boolean } = {}) {
    super('the mail was not handed over', options)
    this.name = 'MailFailure'
    this.isFinal = isFinal
  }
}

export interface Mailer {
  /** @throws MailFailure */
  send(mail: Mail): Promise<void>
}
