/** The software a certificate is installed in: it decides on the instructions and the default download. */
export interface ServerPlatform {
  readonly id: number
  readonly name: string
  /** Its makers' instructions for installing certificates; absent where nobody knows which software it is. */
  readonly installUrl?: string
  /** How a CSR is made for it. */
  readonly csrUrl: string
}

/** Of an order that names none. */
export const OTHER_PLATFORM = -1
/** The only platform that takes a CSR for code signing. */
export const JAVA_PLATFORM = 55

const opensslRequest = 'https://docs.openssl.org/master/man1/openssl-req/'
const other = { name: 'OTHER', csrUrl: opensslRequest }
const apache = {
  name: 'Apache',
  installUrl: 'https://httpd.apache.org/docs/current/ssl/ssl_howto.html',
  csrUrl: 'https://httpd.apache.org/docs/current/ssl/ssl_faq.html',
}
const nginx = {
  name: 'nginx',
  installUrl: 'https://nginx.org/en/docs/http/configuring_https_servers.html',
  csrUrl: opensslRequest,
}
const iisGuide = 'https://learn.microsoft.com/en-us/iis/manage/configuring-security/how-to-set-up-ssl-on-iis'
const iis = { installUrl: iisGuide, csrUrl: iisGuide }
const keytool = 'https://docs.oracle.com/en/java/javase/21/docs/specs/man/keytool.html'
const exchange = 'https://learn.microsoft.com/en-us/exchange/architecture/client-access'

export const serverPlatforms: readonly ServerPlatform[] = [
  { id: OTHER_PLATFORM, ...other },
  { id: 2, ...apache },
  { id: 14, name: 'Microsoft IIS 5 or 6', ...iis },
  { id: 31, ...nginx },
  { id: 34, ...other },
  { id: 40, name: 'Microsoft IIS 7', ...iis },
  { id: 45, ...nginx },
  { id: JAVA_PLATFORM, name: 'Java', installUrl: keytool, csrUrl: keytool },
  { id: 57, ...other },
  { id: 67, name: 'Microsoft IIS 8', ...iis },
  {
    id: 68,
    name: 'Microsoft Exchange Server 2013',
    installUrl: `${exchange}/assign-certificates-to-services`,
    csrUrl: `${exchange}/create-ca-certificate-requests`,
  },
]

const byId: ReadonlyMap<number, ServerPlatform> = new Map(
  serverPlatforms.map((platform) => [platform.id, platform]),
)

/** Ids up to here are kept for software that is not listed: programs send them, and take them back. */
const largestPlatformId = 127

/** @returns undefined for what is no id of a platform */
export function serverPlatform(id: number): ServerPlatform | undefined {
  return byId.get(id) ?? (id > 0 && id <= largestPlatformId ? { id, ...other } : undefined)
}
