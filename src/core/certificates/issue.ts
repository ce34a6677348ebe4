import { parseCertificate } from '../../pki/certificate.ts'
import { encodeAlternativeNames } from '../../pki/extensions/alternative-names.ts'
import { keyIdentifier } from '../../pki/spki.ts'
import type { Caller } from '../audit/caller.ts'
import type { Issuer } from '../authorities/issuer.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { keyCreated } from '../keys/key-events.ts'
import { insertKey } from '../keys/master-key.ts'
import { longestLifetimeDays } from '../policy/lifetime-limits.ts'
import { validityOf } from '../policy/validity.ts'
import { keyClassOf } from '../profiles/key-class.ts'
import type { LeafProfile } from '../profiles/profile.ts'
import { leafProfiles } from '../profiles/profiles.ts'
import { crlShardOf } from '../status/crl-shards.ts'
import type { Program } from '../store/program.ts'
import type { Transaction } from '../store/store.ts'
import { certificateDerOf } from './certificate-of.ts'
import { type Content, contentOf } from './certified-content.ts'
import { certify } from './certify.ts'
import { requireUnchanged, whileAuthorityChanges } from './changing-authority.ts'
import type { IssuedCertificate, IssueRequest } from './issue-request.ts'
import { tellingRefusal } from './refused-wish.ts'
import { refuseForbiddenExtensions } from './requested-extensions.ts'
import {
  keyFromRequest,
  keyMadeHere,
  keyUsedAgain,
  requestFor,
  type SubscriberKey,
} from './subscriber-key.ts'

/** Who asks which CA for a certificate of which profile. */
type AskedOf = Pick<IssueRequest, 'accountId' | 'profile' | 'publiclyValidated'>

/**
 * Issues a certificate to a subscriber: checks key, names, subject and validity against profile, grants and
 * constraints of the CA, then certifies what was checked. A refusal is told to the audit log.
 *
 * @throws Fault every code about requests, keys, names and validity; authority_unknown, authority_not_active,
 *   authority_role_refused, authority_unusable, parameter_invalid (`profile`); key_compromised, key_in_other_use; what `certify` raises
 */
export function issueCertificate(
  engine: Engine,
  request: IssueRequest,
  caller: Caller,
): Promise<IssuedCertificate> {
  const { accountId, authorityId, supersedes } = request
  const wish =
    supersedes === undefined
      ? ({ wish: 'issue', accountId, object: `authority:${authorityId}` } as const)
      : ({ wish: 'reissue', accountId, object: `certificate:${supersedes}` } as const)
  return tellingRefusal(engine, wish, caller, () =>
    whileAuthorityChanges(() => issue(engine, request, caller)),
  )
}

async function issue(engine: Engine, request: IssueRequest, caller: Caller): Promise<IssuedCertificate> {
  const finding = engine.directory.issuer(request.authorityId)
  const issuer = finding instanceof Promise ? await finding : finding
  const { authority } = issuer
  const profile = requireServed(issuer, request)
  const keying = subscriberKey(engine, issuer, request)
  const key = keying instanceof Promise ? await keying : keying
  if (key.request !== undefined && profile.requestedExtensions === 'refuse-forbidden') {
    refuseForbiddenExtensions(key.request)
  }
  const content = contentOf(engine, issuer, profile, request, key)
  const csrDer = await requestKept(engine, request, key, content)
  const now = engine.clock.now()
  const validity = validityOf(
    { lifetimeDays: request.lifetimeDays ?? profile.defaultLifetimeDays, notAfter: request.notAfter },
    {
      now,
      backdateMs: engine.settings.backdateMs,
      maximumLifetimeDays: shortest(
        longestLifetimeDays(profile.maximumLifetimeDays, now),
        authority.grants.maximumLifetimeDays,
      ),
      issuerNotAfter: authority.notAfter,
    },
  )
  const subjectKeyIdentifier = keyIdentifier(key.spki)
  const templateFor = (serialNumber: Uint8Array) =>
    issuer.template(profile, keyClassOf(key.kind), crlShardOf(serialNumber, authority.crlShards))
  const { whileRecording } = request
  const certified = await certify(
    engine,
    {
      certifier: issuer,
      spkiDer: key.spki.der,
      reservation: {
        accountId: request.accountId,
        authorityId: authority.id,
        profile: profile.id,
        origin: request.origin,
        ...validity,
        name: content.name,
        spkiDigest: key.digest,
        csrDer,
        keyId: key.keyId,
        supersedes: request.supersedes ?? null,
      },
      tbs: (serialNumber) =>
        templateFor(serialNumber).tbs({
          ...validity,
          serialNumber,
          subjectDer: content.subjectDer,
          spkiDer: key.spki.der,
          subjectKeyIdentifier,
          ...(content.names.length === 0 ? {} : { subjectAltName: encodeAlternativeNames(content.names) }),
        }),
      lint: (tbsDer, serialNumber) => templateFor(serialNumber).lint(tbsDer),
      whileReserving: (transaction) => lastChecks(engine, issuer, request, key, transaction, caller),
      ...(whileRecording && {
        whileRecording: (transaction, { id, serialNumber, certificateDer }) =>
          whileRecording(transaction, { id, authority, certificateDer, serialNumber, ...validity }),
      }),
      detail: { profileVersion: profile.version },
    },
    caller,
  )
  const { id, certificateDer, serialNumber } = certified
  return { id, authority, certificateDer, serialNumber, ...validity }
}

/**
 * Judges key, names and subject of a request as `issueCertificate` does, and makes nothing: whoever asks for what
 * somebody decides on first is told at once what cannot be. A key that would be made here is not looked at. A refusal
 * is told to the audit log.
 *
 * @throws Fault as `issueCertificate`, without what the store and the lifetime have against it
 */
export function checkIssueRequest(
  engine: Engine,
  request: Pick<IssueRequest, 'accountId' | 'authorityId' | 'profile' | 'key' | 'names' | 'subject'>,
  caller: Caller,
): Promise<void> {
  const { accountId, authorityId, key } = request
  return tellingRefusal(
    engine,
    { wish: 'issue', accountId, object: `authority:${authorityId}` },
    caller,
    async () => {
      const issuer = await engine.directory.issuer(authorityId)
      const profile = requireServed(issuer, request)
      const given =
        key.from === 'request' ? (await keyFromRequest(engine, issuer, key.csr)).request : undefined
      if (given !== undefined && profile.requestedExtensions === 'refuse-forbidden')
        refuseForbiddenExtensions(given)
      contentOf(engine, issuer, profile, request, { request: given })
    },
  )
}

/** @throws Fault authority_unknown, authority_not_active, authority_role_refused, parameter_invalid */
function requireServed(issuer: Issuer, request: AskedOf): LeafProfile {
  const { authority } = issuer
  if (!mayAsk(issuer, request)) throw new Fault('authority_unknown', {})
  if (authority.status !== 'active') throw new Fault('authority_not_active', {})
  if (!issuer.issuesLeaves) throw new Fault('authority_role_refused', {})
  return profileOf(request.profile ?? authority.profile)
}

/** A public CA serves every account, its owner too, but only what was validated; any other CA only its owner. */
function mayAsk({ authority, installationWide }: Issuer, request: AskedOf): boolean {
  return installationWide ? request.publiclyValidated === true : authority.accountId === request.accountId
}

function subscriberKey(
  engine: Engine,
  issuer: Issuer,
  request: IssueRequest,
): SubscriberKey | Promise<SubscriberKey> {
  const source = request.key
  switch (source.from) {
    case 'request':
      return keyFromRequest(engine, issuer, source.csr)
    case 'server':
      return keyMadeHere(engine, issuer, request.accountId, source)
    case 'certificate': {
      const { certificate } = source
      if (certificate.accountId !== request.accountId || certificate.signature === null) {
        throw new Fault('certificate_unknown', {})
      }
      const der = certificateDerOf({ ...certificate, signature: certificate.signature }, issuer.authority)
      return keyUsedAgain(engine, issuer, parseCertificate(der).spki.der, certificate.keyId)
    }
  }
}

/** The request stored with the certificate: the caller's, the earlier certificate's, or one made for our key. */
async function requestKept(
  engine: Engine,
  request: IssueRequest,
  key: SubscriberKey,
  content: Content,
): Promise<Uint8Array | null> {
  const source = request.key
  if (source.from === 'certificate') return source.certificate.csrDer
  if (key.request !== undefined) return key.request.der
  if (source.from !== 'server' || key.made === undefined || source.purpose === 'tls-server') return null
  return requestFor(engine, key.made, source.vaultKey, content.subjectDer, content.names)
}

/** What may have changed since it was looked at, looked at again in the transaction of the reservation. */
function* lastChecks(
  engine: Engine,
  issuer: Issuer,
  request: IssueRequest,
  key: SubscriberKey,
  transaction: Transaction,
  caller: Caller,
): Program<void> {
  const { authority } = issuer
  // Memory is only as good as the epoch it was read in; the transaction knows the present one.
  if (engine.directory.isStale(issuer)) {
    requireUnchanged(authority, yield* transaction.authorities.byId(authority.id))
  }
  if (yield* transaction.status.keyBlocked(key.digest)) throw new Fault('key_compromised', {})
  if (key.made !== undefined) {
    yield* insertKey(transaction, engine.sealer, key.made)
    transaction.record(keyCreated(key.made, caller))
  } else if (key.keyId === null && (yield* transaction.keys.bySpkiDigest(key.digest)) !== undefined) {
    throw new Fault('key_in_other_use', {})
  }
  if (request.whileReserving !== undefined) yield* request.whileReserving(transaction)
}

/** @throws Fault parameter_invalid */
function profileOf(id: string): LeafProfile {
  const profile = leafProfiles.get(id)
  if (profile === undefined) {
    const known = [...leafProfiles.keys()].join(', ')
    throw new Fault('parameter_invalid', {
      parameter: 'profile',
      reason: `no such profile; there are ${known}`,
    })
  }
  return profile
}

function shortest(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined ? right : right === undefined ? left : Math.min(left, right)
}
