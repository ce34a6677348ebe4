import { availableParallelism } from 'node:os'
import {
  addressRanges,
  byteSize,
  choice,
  count,
  databaseUrl,
  domainNames,
  duration,
  hostName,
  hostNames,
  httpUrl,
  listenAddress,
  mailAddress,
  onOff,
  outboundRanges,
  path,
  paths,
  rate,
  resolvers,
  type SettingType,
  smtpUrl,
} from './setting-types.ts'

/** One setting: where it can be given, what it is when it is not, and what it does. */
export interface Setting<Value> {
  readonly type: SettingType<Value>
  /** Without dashes; absent for figures that only the file holds. Flags win over everything. */
  readonly flag?: string
  /** Wins over the file. */
  readonly environment?: string
  /** Where it stands in the configuration file; dots are nesting. Absent where the file cannot hold it. */
  readonly file?: string
  /** What counts when it is not given, read like a value given. Undefined: the setting is absent. */
  readonly default: string | undefined
  /** What help and reference show for the default where the text alone would not do. */
  readonly defaultShown?: string
  readonly help: string
  /** True where the flag alone means `on`. */
  readonly bare?: true
}

/** A setting without a default may be absent from the configuration. */
function optional<Value>(setting: Omit<Setting<Value>, 'default'>): Setting<Value | undefined> {
  const { type } = setting
  const parse = (texts: readonly string[]) => (texts.length === 0 ? undefined : type.parse(texts))
  return { ...setting, type: { ...type, parse }, default: undefined }
}

function setting<Value>(given: Setting<Value> & { readonly default: string }): Setting<Value> {
  return given
}

function figure<Value>(
  file: string,
  type: SettingType<Value>,
  standard: string,
  help: string,
): Setting<Value> {
  return { type, file, default: standard, help }
}

/**
 * Every setting there is. Command-line flags, environment, checks of the file and docs/configuration.md are
 * read off this table.
 */
export const settings = {
  data: setting({
    type: path,
    flag: 'data',
    environment: 'CHANCERY_DATA',
    default: './chancery-data',
    help: 'Folder of the database, the master key and the first credentials. Made at the first start, mode 0700.',
  }),
  config: optional({
    type: path,
    flag: 'config',
    environment: 'CHANCERY_CONFIG',
    defaultShown: '`config.yaml` in the data folder, when there is one',
    help: 'The configuration file. Every unknown key in it is refused.',
  }),
  listen: setting({
    type: listenAddress,
    flag: 'listen',
    environment: 'CHANCERY_LISTEN',
    file: 'listen',
    default: '127.0.0.1:8080',
    help: 'Listener for plain HTTP. Where it is not loopback it serves status, issuer files and health only, unless a trusted proxy is named. Port 0 takes a free one.',
  }),
  tlsListen: setting({
    type: listenAddress,
    flag: 'tls-listen',
    environment: 'CHANCERY_TLS_LISTEN',
    file: 'tls-listen',
    default: '127.0.0.1:8443',
    help: 'Listener for HTTPS, with a certificate that Chancery issued itself unless one is brought. Port 0 takes a free one.',
  }),
  clientauthListen: optional({
    type: listenAddress,
    flag: 'clientauth-listen',
    environment: 'CHANCERY_CLIENTAUTH_LISTEN',
    file: 'clientauth-listen',
    defaultShown: '`127.0.0.1:8444`, where that is free',
    help: 'Listener of the DigiCert ONE APIs for clients that log in with a certificate (mutual TLS). Port 0 takes a free one.',
  }),
  metricsListen: optional({
    type: listenAddress,
    flag: 'metrics-listen',
    environment: 'CHANCERY_METRICS_LISTEN',
    file: 'metrics-listen',
    defaultShown: 'the other listeners',
    help: 'Listener of its own, for plain HTTP, of `/metrics`, `/readyz` and `/healthz`. Where it is set, the other listeners show neither figures nor the checks behind `/readyz` to anybody. Port 0 takes a free one.',
  }),
  publicUrl: optional({
    type: httpUrl,
    flag: 'public-url',
    environment: 'CHANCERY_PUBLIC_URL',
    file: 'public-url',
    defaultShown: "the HTTP listener's address",
    help: 'Base of the OCSP, CRL and issuer addresses that are written into certificates. Certificates keep what was set when they were issued.',
  }),
  tlsNames: setting({
    type: hostNames,
    flag: 'tls-name',
    environment: 'CHANCERY_TLS_NAMES',
    file: 'tls-name',
    default: '',
    defaultShown: 'none',
    help: 'More names and addresses in the self-issued certificate of the HTTPS listener.',
  }),
  tlsCert: optional({
    type: path,
    flag: 'tls-cert',
    environment: 'CHANCERY_TLS_CERT',
    file: 'tls-cert',
    defaultShown: 'self-issued',
    help: 'PEM file with the certificate of the HTTPS listener and its chain, in place of a self-issued one. Needs `--tls-key`.',
  }),
  tlsKey: optional({
    type: path,
    flag: 'tls-key',
    environment: 'CHANCERY_TLS_KEY',
    file: 'tls-key',
    defaultShown: 'self-issued',
    help: 'PEM file with the private key of `--tls-cert`.',
  }),
  trustProxy: setting({
    type: addressRanges,
    flag: 'trust-proxy',
    environment: 'CHANCERY_TRUST_PROXY',
    file: 'trust-proxy',
    default: '',
    defaultShown: 'none',
    help: 'Addresses or ranges of reverse proxies whose X-Forwarded-For is believed.',
  }),
  masterKeyFile: optional({
    type: path,
    flag: 'master-key-file',
    environment: 'CHANCERY_MASTER_KEY_FILE',
    file: 'master-key-file',
    defaultShown: '`master.key` in the data folder',
    help: 'The key that opens every stored private key; made at the first start, mode 0600. The same file for every process on one database.',
  }),
  processes: setting({
    type: count(1, 256),
    flag: 'processes',
    environment: 'CHANCERY_PROCESSES',
    file: 'processes',
    default: String(availableParallelism()),
    defaultShown: 'the number of cores',
    help: 'Request loops side by side.',
  }),
  role: setting({
    type: choice('all', 'status'),
    flag: 'role',
    environment: 'CHANCERY_ROLE',
    file: 'role',
    default: 'all',
    help: '`status` serves OCSP, CRLs, issuer files and health only.',
  }),
  databaseUrl: optional({
    type: databaseUrl,
    flag: 'database-url',
    environment: 'CHANCERY_DATABASE_URL',
    file: 'database-url',
    defaultShown: 'SQLite in the data folder',
    help: '`postgres://…` for PostgreSQL. Put a password into the environment or the file, not on the command line.',
  }),
  smtpUrl: optional({
    type: smtpUrl,
    flag: 'smtp-url',
    environment: 'CHANCERY_SMTP_URL',
    file: 'smtp-url',
    defaultShown: 'files in `outbox` in the data folder',
    help: 'SMTP server that mails are handed to: `smtp://` with STARTTLS where the server has it, or `smtps://`. Put a password into the environment or the file, not on the command line.',
  }),
  mailFrom: optional({
    type: mailAddress,
    flag: 'mail-from',
    environment: 'CHANCERY_MAIL_FROM',
    file: 'mail-from',
    defaultShown: '`chancery@` and the host of the public URL',
    help: 'Address that mails come from.',
  }),
  cnameTarget: setting({
    type: hostName,
    flag: 'dcv-cname-target',
    environment: 'CHANCERY_DCV_CNAME_TARGET',
    file: 'dcv-cname-target',
    default: 'dcv.digicert.com',
    help: 'Host name that CNAME records proving domain control point at. Unless set the one that clients of the CertCentral API write; nothing is ever asked of it.',
  }),
  resolvers: setting({
    type: resolvers,
    flag: 'resolver',
    environment: 'CHANCERY_RESOLVER',
    file: 'resolver',
    default: '',
    defaultShown: "the system's",
    help: 'Recursive resolvers for domain control and CAA; the first three are asked. They should validate DNSSEC: only of a resolver named here is it believed.',
  }),
  outboundAllow: setting({
    type: outboundRanges,
    flag: 'outbound-allow',
    environment: 'CHANCERY_OUTBOUND_ALLOW',
    file: 'outbound-allow',
    default: '',
    defaultShown: 'none',
    help: 'Addresses or ranges off the public Internet that validation and webhooks may call. Loopback and link-local addresses need an entry within their own range, an address of this machine one of its own.',
  }),
  dcvHttpPort: setting({
    type: count(1, 65_535),
    flag: 'dcv-http-port',
    environment: 'CHANCERY_DCV_HTTP_PORT',
    file: 'dcv-http-port',
    default: '80',
    help: 'Port that files proving domain control are read from. For public TLS it has to be 80.',
  }),
  caaIdentities: setting({
    type: domainNames,
    flag: 'caa-identity',
    environment: 'CHANCERY_CAA_IDENTITIES',
    file: 'caa-identity',
    default: '',
    defaultShown: 'the host of the public URL',
    help: 'Domain names by which CAA records authorise this CA. Where the public URL has an address for a host and no name is given, every CAA record that restricts issuance forbids it.',
  }),
  sandbox: setting({
    type: onOff,
    flag: 'sandbox',
    environment: 'CHANCERY_SANDBOX',
    file: 'sandbox',
    default: 'off',
    bare: true,
    help: 'Marks a data folder as a sandbox at its first start. Production data is never opened with it, nor a sandbox without it.',
  }),
  rateLimits: setting({
    type: onOff,
    flag: 'rate-limits',
    environment: 'CHANCERY_RATE_LIMITS',
    file: 'rate-limits',
    default: 'on',
    help: '`off` for load tests. The figures are under `rates` in the file; `chancery limits set` has others for an account or a key.',
  }),
  retryAfterForm: setting({
    type: choice('seconds', 'date'),
    flag: 'retry-after-form',
    environment: 'CHANCERY_RETRY_AFTER_FORM',
    file: 'retry-after-form',
    default: 'seconds',
    help: 'How `Retry-After` is written on every 429 and 503: seconds, or an HTTP date.',
  }),
  metricsAllow: setting({
    type: addressRanges,
    flag: 'metrics-allow',
    environment: 'CHANCERY_METRICS_ALLOW',
    file: 'metrics-allow',
    default: '127.0.0.0/8,::1',
    defaultShown: 'this machine',
    help: 'Addresses or ranges that may read `/metrics` and the checks behind `/readyz`, also at a listener of their own; all others get the state alone. Addresses of callers behind a trusted proxy are those it names.',
  }),
  logLevel: setting({
    type: choice('debug', 'info', 'warn', 'error'),
    flag: 'log-level',
    environment: 'CHANCERY_LOG_LEVEL',
    file: 'log-level',
    default: 'info',
    help: 'Least level of the JSON lines on standard output. `debug` has one line for every request.',
  }),
  permissions: setting({
    type: choice('refuse', 'warn'),
    flag: 'permissions',
    environment: 'CHANCERY_PERMISSIONS',
    file: 'permissions',
    default: 'refuse',
    help: 'What happens when others may read the data folder or the master key: `warn` starts all the same and says so.',
  }),

  bodyBytes: figure('limits.body', byteSize(1024, 1 << 24), '64KiB', 'Largest request body.'),
  urlBytes: figure('limits.url', byteSize(256, 65_536), '8KiB', 'Longest request target.'),
  headerCount: figure('limits.headers', count(10, 1000), '100', 'Most header fields of a request.'),
  headerBytes: figure(
    'limits.header-bytes',
    byteSize(1024, 262_144),
    '16KiB',
    'All header fields of a request together.',
  ),
  headerTimeoutMs: figure(
    'limits.header-timeout',
    duration('1s', '10m'),
    '10s',
    'Time until the header of a request has arrived; also for the TLS handshake.',
  ),
  requestTimeoutMs: figure(
    'limits.request-timeout',
    duration('1s', '10m'),
    '30s',
    'Time until a request has arrived whole. Not shorter than the header phase.',
  ),
  keepAliveMs: figure(
    'limits.keep-alive',
    duration('1s', '10m'),
    '5s',
    'Time an idle connection is kept for another request.',
  ),
  connectionsPerAddress: figure(
    'limits.connections-per-address',
    count(1, 1_000_000),
    '100',
    'Open connections from one address (IPv6: one /64). Loopback and trusted proxies are exempt. Shared out evenly among the request loops.',
  ),
  requestsInFlight: figure(
    'limits.in-flight',
    count(10, 1_000_000),
    '2000',
    'API requests that a request loop works on at once. Past 60 % reading, past 80 % issuing, and past all of it revoking is refused with Retry-After; OCSP and CRLs never are.',
  ),
  jsonDepth: figure('limits.json-depth', count(1, 1000), '16', 'Deepest nesting of a JSON body.'),
  jsonMembers: figure(
    'limits.json-members',
    count(1, 1_000_000),
    '1000',
    'Most members of one JSON object in a body.',
  ),
  jsonElements: figure(
    'limits.json-elements',
    count(1, 1_000_000),
    '10000',
    'Most array elements in one JSON body, all arrays together.',
  ),
  drainMs: figure(
    'limits.drain',
    duration('1s', '10m'),
    '30s',
    'Longest time that requests in flight get to finish after SIGTERM.',
  ),

  certificateBytes: figure(
    'certificates.maximum-size',
    byteSize(1024, 1 << 20),
    '32KiB',
    'Largest certificate that is issued.',
  ),
  certificateNames: figure(
    'certificates.maximum-names',
    count(1, 10_000),
    '250',
    'Most alternative names in one certificate.',
  ),
  orderReissues: figure(
    'orders.maximum-reissues',
    count(1, 10_000),
    '1000',
    'Most reissues of one CertCentral order, rejected and revoked ones among them.',
  ),
  orderDuplicates: figure(
    'orders.maximum-duplicates',
    count(1, 10_000),
    '1000',
    'Most duplicates of one CertCentral order, likewise.',
  ),
  backdateMs: figure(
    'certificates.backdate',
    duration('0s', '48h'),
    '0s',
    'How far notBefore of a leaf lies before its issuance, against clocks that run slow.',
  ),
  crlValidityMs: figure('crl.validity', duration('1h', '10d'), '7d', "A CRL's thisUpdate to nextUpdate."),
  crlRenewBeforeMs: figure(
    'crl.renew-before',
    duration('10m', '9d'),
    '3d',
    'How long before its nextUpdate a CRL is made anew. Shorter than its validity.',
  ),
  crlDelayMs: figure(
    'crl.delay',
    duration('1s', '1h'),
    '30s',
    'Longest time from a change of status to the CRL that shows it.',
  ),
  ocspValidityMs: figure(
    'ocsp.validity',
    duration('8h', '10d'),
    '24h',
    "An OCSP answer's thisUpdate to nextUpdate.",
  ),
  statusMaxAgeMs: figure(
    'status.max-age',
    duration('0s', '1h'),
    '30s',
    'How long caches may keep a CRL or an OCSP answer: a revocation is hidden from their users that long at most.',
  ),
  keyLists: setting({
    type: paths,
    file: 'key-lists',
    default: '',
    defaultShown: 'none',
    help: 'Files with more keys that are refused because their private half is known, beside the built-in list.',
  }),
  sessionIdleMs: figure(
    'tinycert.session-idle',
    duration('1s', '30d'),
    '30m',
    'How long a TinyCert session lives unused.',
  ),
  tinycertAuthorityRate: figure(
    'rates.tinycert.authorities',
    rate,
    '10/5m',
    'CAs that one account may create at the TinyCert face.',
  ),
  tinycertCertificateRate: figure(
    'rates.tinycert.certificates',
    rate,
    '100/5m',
    'Certificates that one account may create or reissue at the TinyCert face.',
  ),
  certcentralShortRate: figure(
    'rates.certcentral.short',
    rate,
    '100/5s',
    'Requests of one API key at the CertCentral face in any short window.',
  ),
  certcentralLongRate: figure('rates.certcentral.long', rate, '1000/3m', 'The same in any long window.'),
  oneShortRate: figure(
    'rates.one.short',
    rate,
    '100/5s',
    'Requests of one credential at the DigiCert ONE face in any short window.',
  ),
  oneErrorShape: setting({
    type: choice('list', 'single'),
    file: 'one.error-shape',
    default: 'list',
    help: 'Errors of the DigiCert ONE APIs: `list` has them under `errors` and the first one at the top, `single` one alone under `error`.',
  }),
  oneLongRate: figure('rates.one.long', rate, '1000/3m', 'The same in any long window.'),
  failedAttemptRate: figure(
    'rates.failed-attempts',
    rate,
    '100/5m',
    'Credentials that do not work, of one address (IPv6: one /64) over all APIs; beyond it every such attempt is answered 429. Behind a proxy that is not trusted all callers are one address.',
  ),
} as const satisfies Record<string, Setting<unknown>>

export type SettingKey = keyof typeof settings

/** Every setting with its value, after flags, environment, file and defaults. Plain data: it travels between processes. */
export type Settings = {
  readonly [Key in SettingKey]: (typeof settings)[Key] extends Setting<infer Value> ? Value : never
}
