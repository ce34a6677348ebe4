import { hash } from 'node:crypto'
import {
  buildCertificationRequest,
  type CertificationRequest,
  parseCertificationRequest,
  readCertificationRequest,
  verifyCertificationRequest,
} from '../../pki/csr.ts'
import type { GeneralName } from '../../pki/general-names.ts'
import { defaultSignatureAlgorithm, type KeyKind } from '../../pki/key-kinds.ts'
import { keyKindOf, parseSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from '../../pki/spki.ts'
import type { Issuer } from '../authorities/issuer.ts'
import type { AccountId, KeyId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { KeyRecord } from '../keys/key-record.ts'
import { checkPublicKey } from '../policy/keys/check-public-key.ts'
import { checkModulusIsComposite } from '../policy/keys/prime-modulus.ts'
import { allowedKeyKinds } from '../profiles/key-class.ts'
import { readingRequest } from './csr-faults.ts'
import type { KeySource } from './issue-request.ts'

/** A public key that may be certified, and what is known of it. */
export interface SubscriberKey {
  readonly spki: SubjectPublicKeyInfo
  readonly kind: KeyKind
  /** SHA-256 of the subjectPublicKeyInfo. */
  readonly digest: Uint8Array
  /** The request it came in; undefined for one made here. */
  readonly request: CertificationRequest | undefined
  /** The private key's record: new for one made now, of the earlier certificate for one used again. */
  readonly keyId: KeyId | null
  /** A key made now, to be stored with the reservation. */
  readonly made: KeyRecord | undefined
}

/**
 * Reads and judges a request's key: form, type, size, weakness, and the proof that the caller holds the private
 * half. In this order, so that nothing costly is done for a key that is refused anyway.
 *
 * @throws Fault csr_malformed, csr_not_a_request, csr_algorithm_refused, csr_extension_refused,
 *   csr_signature_invalid, key_type_refused, key_size_refused, key_weak
 */
export function keyFromRequest(
  engine: Engine,
  issuer: Issuer,
  csr: string | Uint8Array,
): SubscriberKey | Promise<SubscriberKey> {
  const request = readingRequest(() => parseCertificationRequest(readCertificationRequest(csr), 'keep'))
  const { spki } = request
  checkPublicKey(spki, allowedKeyKinds(issuer.authority.grants.keyKinds), engine.keyLists)
  return spki.type === 'rsa'
    ? checkModulusIsComposite(spki).then(() => provenKey(request))
    : provenKey(request)
}

function provenKey(request: CertificationRequest): SubscriberKey {
  if (!readingRequest(() => verifyCertificationRequest(request))) {
    throw new Fault('csr_signature_invalid', {})
  }
  return { ...keyFacts(request.spki), request, keyId: null, made: undefined }
}

/**
 * Makes a subscriber's key pair; sealed, not stored yet.
 * @throws Fault server_keys_not_allowed, key_type_refused
 */
export async function keyMadeHere(
  engine: Engine,
  issuer: Issuer,
  accountId: AccountId,
  source: Extract<KeySource, { from: 'server' }>,
): Promise<SubscriberKey> {
  const { grants } = issuer.authority
  if (grants.serverKeys !== true) throw new Fault('server_keys_not_allowed', {})
  const allowed = allowedKeyKinds(grants.keyKinds)
  if (!allowed.includes(source.kind)) {
    throw new Fault('key_type_refused', { received: source.kind, allowed })
  }
  const made = await engine.keyService.generate({
    kind: source.kind,
    purpose: source.purpose ?? 'subscriber',
    accountId,
    ...(source.vaultKey === undefined ? {} : { vaultKey: source.vaultKey }),
    now: engine.clock.now(),
  })
  return { ...keyFacts(parseSubjectPublicKeyInfo(made.spkiDer)), request: undefined, keyId: made.id, made }
}

/** A key that an earlier certificate of the account was made over, judged again by today's rules. */
export function keyUsedAgain(
  engine: Engine,
  issuer: Issuer,
  spkiDer: Uint8Array,
  keyId: KeyId | null,
): SubscriberKey {
  const spki = readingRequest(() => parseSubjectPublicKeyInfo(spkiDer))
  checkPublicKey(spki, allowedKeyKinds(issuer.authority.grants.keyKinds), engine.keyLists)
  return { ...keyFacts(spki), request: undefined, keyId, made: undefined }
}

/** A PKCS#10 request over a key made here, kept with the certificate so that it can be issued again. */
export async function requestFor(
  engine: Engine,
  key: KeyRecord,
  vaultKey: Uint8Array | undefined,
  subjectDer: Uint8Array,
  sans: readonly GeneralName[],
): Promise<Uint8Array> {
  const algorithm = defaultSignatureAlgorithm(key.kind)
  const signer = engine.keyService.signer(key, algorithm, vaultKey)
  const contents = { subjectDer, spkiDer: key.spkiDer, sans, algorithm }
  try {
    return await buildCertificationRequest(contents, (bytes) => signer.sign(bytes))
  } finally {
    // It signs nothing else here; an opened subscriber key must not stay in memory.
    engine.keyService.forget(key.id)
  }
}

function keyFacts(spki: SubjectPublicKeyInfo): Pick<SubscriberKey, 'spki' | 'kind' | 'digest'> {
  const kind = keyKindOf(spki)
  if (kind === undefined) throw new RangeError('a key of no kind passed its checks')
  return { spki, kind, digest: hash('sha256', spki.der, 'buffer') }
}
