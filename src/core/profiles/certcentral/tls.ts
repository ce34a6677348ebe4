import { oids } from '../../../pki/oids.ts'
import { reservedPolicies } from '../../lint/classification.ts'
import { publicTlsLifetimes } from '../../policy/lifetime-limits.ts'
import type { LeafProfile } from '../profile.ts'
import { nameAlone, organizationSubject, privateSubject, registeredSubject } from './subjects.ts'

/** What a server's certificate is good for beside the server itself. */
const purposes = {
  '': [oids.serverAuth],
  '-client': [oids.serverAuth, oids.clientAuth],
} as const

/** Those of a domain controller, which clients with smart cards log in at (RFC 4556 section 3.2.4). */
const domainController = [oids.serverAuth, oids.clientAuth, oids.pkinitKdc, oids.smartCardLogon]

const server: Omit<LeafProfile, 'id' | 'subjectAttributes' | 'extKeyUsage'> = {
  type: 'leaf',
  version: 1,
  keyUsage: {
    critical: true,
    usages: { rsa: ['digitalSignature', 'keyEncipherment'], signature: ['digitalSignature'] },
  },
  netscapeCertType: false,
  alternativeNames: { types: ['dns', 'ip'], required: true, urisWithoutScheme: false },
  commonName: 'among-names',
  requestedExtensions: 'refuse-forbidden',
  // Orders say how long; this is for whoever does not, and short enough for every dated limit.
  defaultLifetimeDays: 47,
  maximumLifetimeDays: publicTlsLifetimes,
}

/** TLS BR sections 7.1.2.7.2 and 7.1.2.7.4, EV Guidelines section 7.1.2.3. */
const publicServers: readonly LeafProfile[] = (
  [
    ['tls-dv', nameAlone, reservedPolicies.domainValidated],
    ['tls-ov', organizationSubject, reservedPolicies.organizationValidated],
    ['tls-ev', registeredSubject, reservedPolicies.extendedValidation],
  ] as const
).flatMap(([id, subjectAttributes, policy]) =>
  Object.entries(purposes).map(([suffix, extKeyUsage]) => ({
    ...server,
    id: id + suffix,
    subjectAttributes,
    policies: [policy],
    extKeyUsage,
  })),
)

const privateServers: readonly LeafProfile[] = Object.entries({
  ...purposes,
  '-domain-controller': domainController,
}).map(([suffix, extKeyUsage]) => ({
  ...server,
  id: `private-tls${suffix}`,
  subjectAttributes: privateSubject,
  extKeyUsage,
  defaultLifetimeDays: 365,
  maximumLifetimeDays: 1_095,
}))

/** Servers of the public hierarchy and of accounts' own. */
export const serverProfiles: readonly LeafProfile[] = [...publicServers, ...privateServers]

/** The IGTF's classic profile, as registered at 1.2.840.113612.5.2.2. */
const igtfClassic = '1.2.840.113612.5.2.2.1'

/** Hosts of a grid talk to each other, so each of them is server and client. */
const gridHost: LeafProfile = {
  ...server,
  id: 'grid-host',
  subjectAttributes: organizationSubject,
  policies: [reservedPolicies.organizationValidated, igtfClassic],
  extKeyUsage: [oids.serverAuth, oids.clientAuth],
}

/** A program that acts by itself: a client under a host name, never a server. */
const gridRobot: LeafProfile = {
  ...gridHost,
  id: 'grid-robot',
  policies: [igtfClassic],
  extKeyUsage: [oids.clientAuth],
}

export const gridProfiles: readonly LeafProfile[] = [gridHost, gridRobot]
