import { createHash } from 'node:crypto'
import { type SignatureAlgorithm, signatureAlgorithms } from '../../pki/algorithms.ts'
import { parseCertificate } from '../../pki/certificate.ts'
import { compileCertificateTemplate } from '../../pki/certificate-template.ts'
import { parseBasicConstraints } from '../../pki/extensions/basic-constraints.ts'
import { findExtension } from '../../pki/extensions/extension.ts'
import { defaultSignatureAlgorithm } from '../../pki/key-kinds.ts'
import { encodeName } from '../../pki/names.ts'
import { oids } from '../../pki/oids.ts'
import {
  importPublicKey,
  keyIdentifier,
  parseSubjectPublicKeyInfo,
  type SubjectPublicKeyInfo,
} from '../../pki/spki.ts'
import type { Caller } from '../audit/caller.ts'
import type { AuthorityId, Instant } from '../brand.ts'
import { type Certifier, certify } from '../certificates/certify.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { keyCreated } from '../keys/key-events.ts'
import type { KeyRecord } from '../keys/key-record.ts'
import { insertKey } from '../keys/master-key.ts'
import { lintUnsigned } from '../lint/lint-issuance.ts'
import { checkSubject } from '../policy/names/subject.ts'
import { type Validity, validityOf } from '../policy/validity.ts'
import { authorityExtensions, type IssuerFacts } from '../profiles/extensions.ts'
import { keyClassOf } from '../profiles/key-class.ts'
import { orderSubject } from '../profiles/subject.ts'
import { crlShardOf } from '../status/crl-shards.ts'
import type { AuthorityRecord, IssuerHashes } from './authority.ts'
import type { AuthorityRequest } from './authority-request.ts'
import type { Issuer } from './issuer.ts'
import { lintDepartures } from './lint-departures.ts'

/**
 * Makes a CA: its key, its record, and its certificate through the same reservation as every other.
 *
 * @throws Fault name_refused (`subject`); authority_unknown, authority_unusable, authority_not_active;
 *   parameter_invalid: `parent` may not have CAs below it, `signatureAlgorithm` does not fit the key;
 *   validity_refused, lint_failed; what `whileReserving` refuses
 */
export async function createAuthority(
  engine: Engine,
  request: AuthorityRequest,
  caller: Caller,
): Promise<AuthorityRecord> {
  const algorithm = signatureAlgorithmOf(request)
  const subjectDer = subjectOf(request)
  const parent = request.parentId === null ? undefined : await parentOf(engine, request, request.parentId)
  // Known before anything is made, so that a refusal leaves nothing.
  validityOfAuthority(engine, request, parent)
  const key = await engine.keyService.generate({
    kind: request.keyKind,
    purpose: 'authority',
    accountId: request.accountId,
    now: engine.clock.now(),
  })
  const pending = await reserveAuthority(engine, request, { algorithm, subjectDer, key }, caller)
  const certificateDer = await certifyAuthority(engine, request, pending, key, parent, caller)
  const { notAfter } = parseCertificate(certificateDer)
  return { ...pending, certificateDer, notAfter, status: 'active' }
}

/** Known before anything is made, so that no key is left without its CA. */
function signatureAlgorithmOf({ signatureAlgorithm, keyKind }: AuthorityRequest): SignatureAlgorithm {
  const algorithm = signatureAlgorithm ?? defaultSignatureAlgorithm(keyKind)
  if (!signatureAlgorithms[algorithm].keyKinds.includes(keyKind)) {
    throw new Fault('parameter_invalid', {
      parameter: 'signatureAlgorithm',
      reason: `a key of kind ${keyKind} does not sign with ${algorithm}`,
    })
  }
  return algorithm
}

function subjectOf({ subject, profile }: AuthorityRequest): Uint8Array {
  const requests = subject.map((attribute) => ({ ...attribute, parameter: 'subject' }))
  const order = profile.subjectAttributes
  return encodeName(orderSubject(checkSubject(requests, order), order))
}

async function parentOf(engine: Engine, request: AuthorityRequest, id: AuthorityId): Promise<Issuer> {
  const parent = await engine.directory.issuer(id)
  if (parent.authority.accountId !== request.accountId) throw new Fault('authority_unknown', {})
  if (parent.authority.status !== 'active') throw new Fault('authority_not_active', {})
  const { extensions } = parseCertificate(parent.authority.certificateDer)
  const constraints = findExtension(extensions, oids.basicConstraints)
  // RFC 5280 section 4.2.1.9: zero means that only leaves may follow.
  if (constraints === undefined || parseBasicConstraints(constraints.value).pathLenConstraint === 0) {
    throw new Fault('parameter_invalid', {
      parameter: 'parent',
      reason: 'the CA may issue no CAs below it (path length 0)',
    })
  }
  return parent
}

/** Stores key and record of a CA that nothing knows yet. */
function reserveAuthority(
  engine: Engine,
  request: AuthorityRequest,
  decided: {
    readonly algorithm: SignatureAlgorithm
    readonly subjectDer: Uint8Array
    readonly key: KeyRecord
  },
  caller: Caller,
): Promise<AuthorityRecord> {
  const { algorithm: signatureAlgorithm, subjectDer, key } = decided
  return engine.store.write(function* (transaction) {
    const now = engine.clock.now()
    if (request.whileReserving !== undefined) yield* request.whileReserving(transaction)
    const id = yield* transaction.authorities.nextId()
    const record: AuthorityRecord = {
      id,
      accountId: request.accountId,
      parentId: request.parentId,
      succeedsId: request.succeedsId ?? null,
      role: request.role,
      origin: request.origin,
      name: request.name,
      strictness: request.strictness,
      grants: request.grants,
      profile: request.leafProfile,
      keyId: key.id,
      signatureAlgorithm,
      subjectDer,
      spkiDer: key.spkiDer,
      certificateDer: new Uint8Array(0),
      notAfter: 0,
      crlShards: request.crlShards ?? 1,
      contactEmail: request.contactEmail,
      status: 'pending',
      createdAt: now,
    }
    yield* insertKey(transaction, engine.sealer, key)
    transaction.record(keyCreated(key, caller))
    yield* transaction.authorities.insert(record, issuerHashes(subjectDer, key.spkiDer))
    return record
  })
}

/** What a CA certificate is made from, at creation and at renewal. */
export type AuthorityCertification = Pick<
  AuthorityRequest,
  'profile' | 'lifetimeDays' | 'notAfter' | 'nameConstraints' | 'writesContact' | 'whileRecording'
>

/**
 * Makes a certificate for a stored CA and makes it the current one.
 * @param parent undefined: the CA signs itself
 */
export async function certifyAuthority(
  engine: Engine,
  request: AuthorityCertification,
  authority: AuthorityRecord,
  key: KeyRecord,
  parent: Issuer | undefined,
  caller: Caller,
): Promise<Uint8Array> {
  const spki = parseSubjectPublicKeyInfo(authority.spkiDer)
  const certifier: Certifier = parent ?? selfCertifier(engine, authority, key, spki)
  const validity = validityOfAuthority(engine, request, parent)
  const fields = {
    ...validity,
    subjectDer: authority.subjectDer,
    spkiDer: authority.spkiDer,
  }
  const templateFor = (shard: number) =>
    compileCertificateTemplate({
      issuerDer: parent?.authority.subjectDer ?? authority.subjectDer,
      signatureAlgorithm: certifier.signer.algorithm,
      extensions: authorityExtensions(request.profile, keyClassOf(key.kind), {
        keyIdentifier: keyIdentifier(spki),
        issuer: parent === undefined ? undefined : issuerFacts(engine, parent),
        shard,
        nameConstraints: request.nameConstraints,
        contactEmail: request.writesContact === true ? authority.contactEmail : undefined,
      }),
    })
  const shards = (parent?.authority ?? authority).crlShards
  const accepted = lintDepartures((parent?.authority ?? authority).grants)
  const certified = await certify(
    engine,
    {
      certifier,
      spkiDer: authority.spkiDer,
      reservation: {
        accountId: authority.accountId,
        authorityId: parent?.authority.id ?? authority.id,
        profile: request.profile.id,
        origin: 'installation',
        ...validity,
        name: authority.name,
        spkiDigest: createHash('sha256').update(authority.spkiDer).digest(),
        csrDer: null,
        keyId: authority.keyId,
        supersedes: null,
      },
      tbs: (serialNumber) => templateFor(crlShardOf(serialNumber, shards)).tbs({ ...fields, serialNumber }),
      lint: (tbsDer) => lintUnsigned(tbsDer, { strictness: authority.strictness, accepted }),
      *whileReserving(transaction) {
        if (parent === undefined) return
        // It may have been closed since it was looked at.
        const current = yield* transaction.authorities.byId(parent.authority.id)
        if (current?.status !== 'active') throw new Fault('authority_not_active', {})
      },
      *whileRecording(transaction, { certificateDer }) {
        const { serialNumber } = parseCertificate(certificateDer)
        const { id } = authority
        yield* transaction.authorities.insertCertificate({
          authorityId: id,
          serialNumber,
          certificateDer,
          ...validity,
        })
        yield* transaction.authorities.renew(id, certificateDer, validity.notAfter)
        // A renewal leaves the status alone: the CA may have been deleted meanwhile.
        if (authority.status === 'pending') yield* transaction.authorities.setStatus(id, 'active')
        yield* transaction.status.markCrlDue(id)
        transaction.record(madeEvent(authority, engine.clock.now(), validity.notAfter, caller))
        transaction.configurationChanged()
        if (request.whileRecording !== undefined) yield* request.whileRecording(transaction, id)
      },
    },
    caller,
  )
  return certified.certificateDer
}

/** An end that was asked for is refused where it outlives the parent; the profile's usual one comes with the parent's. */
function validityOfAuthority(
  engine: Engine,
  { lifetimeDays, notAfter, profile }: Pick<AuthorityCertification, 'lifetimeDays' | 'notAfter' | 'profile'>,
  parent: Issuer | undefined,
): Validity {
  return validityOf(
    { lifetimeDays: lifetimeDays ?? profile.lifetimeDays, notAfter },
    {
      now: engine.clock.now(),
      issuerNotAfter: parent?.authority.notAfter,
      cutToIssuer: lifetimeDays === undefined && notAfter === undefined,
    },
  )
}

export function issuerFacts(engine: Engine, issuer: Issuer): IssuerFacts {
  return {
    id: issuer.authority.id,
    crlShards: issuer.authority.crlShards,
    keyIdentifier: issuer.keyIdentifier,
    publicUrl: engine.settings.publicUrl,
  }
}

function selfCertifier(
  engine: Engine,
  authority: AuthorityRecord,
  key: KeyRecord,
  spki: SubjectPublicKeyInfo,
): Certifier {
  return {
    signer: engine.keyService.signer(key, authority.signatureAlgorithm),
    publicKey: importPublicKey(spki),
  }
}

function madeEvent(authority: AuthorityRecord, at: Instant, notAfter: Instant, caller: Caller) {
  return {
    action: authority.status === 'pending' ? ('authority.created' as const) : ('authority.renewed' as const),
    at,
    actor: caller.actor,
    accountId: authority.accountId,
    object: `authority:${authority.id}`,
    requestId: caller.requestId,
    detail: {
      name: authority.name,
      role: authority.role,
      parent: authority.parentId,
      strictness: authority.strictness,
      grants: JSON.stringify(authority.grants),
      algorithm: authority.signatureAlgorithm,
      notAfter,
    },
  }
}

/** RFC 6960 section 4.1.1: the name's DER, and the contents of the key's BIT STRING. */
function issuerHashes(subjectDer: Uint8Array, spkiDer: Uint8Array): IssuerHashes {
  const { keyBits } = parseSubjectPublicKeyInfo(spkiDer)
  const digest = (algorithm: 'sha1' | 'sha256', bytes: Uint8Array) =>
    createHash(algorithm).update(bytes).digest()
  return {
    nameSha1: digest('sha1', subjectDer),
    keySha1: digest('sha1', keyBits),
    nameSha256: digest('sha256', subjectDer),
    keySha256: digest('sha256', keyBits),
  }
}
