/** The software a certificate is installed in: it decides on the instructions and the default download. */
export interface ServerPlatform {
  readonly id: number
  readonly name: string
}

/** Of an order that names none. */
export const OTHER_PLATFORM = -1
/** The only platform that takes a CSR for code signing. */
export const JAVA_PLATFORM = 55

export const serverPlatforms: readonly ServerPlatform[] = [
  { id: OTHER_PLATFORM, name: 'OTHER' },
  { id: 2, name: 'Apache' },
  { id: 14, name: 'Microsoft IIS 5 or 6' },
  { id: 31, name: 'nginx' },
  { id: 34, name: 'OTHER' },
  { id: 40, name: 'Microsoft IIS 7' },
  { id: 45, name: 'nginx' },
  { id: JAVA_PLATFORM, name: 'Java' },
  { id: 57, name: 'OTHER' },
  { id: 67, name: 'Microsoft IIS 8' },
  { id: 68, name: 'Microsoft Exchange Server 2013' },
]

const byId: ReadonlyMap<number, ServerPlatform> = new Map(
  serverPlatforms.map((platform) => [platform.id, platform]),
)

export function serverPlatform(id: number): ServerPlatform | undefined {
  return byId.get(id)
}
