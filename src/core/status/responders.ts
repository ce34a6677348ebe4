import type { KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { defaultSignatureAlgorithm } from '../../pki/key-kinds.ts'
import { encodeResponderCertificates, encodeResponderId } from '../../pki/ocsp-response.ts'
import { latin1 } from '../../pki/octet-text.ts'
import { importPublicKey, parseSubjectPublicKeyInfo, sha1KeyHash } from '../../pki/spki.ts'
import type { AuthorityId, Instant } from '../brand.ts'
import type { KeyService, Signer } from '../keys/key-service.ts'
import type { Store } from '../store/store.ts'

/** A delegated OCSP signer, opened, with the parts of its answers that never change. */
export interface Responder {
  readonly signer: Signer
  readonly publicKey: KeyObject
  /** DER of the ResponderID, by key. */
  readonly responderId: Uint8Array
  /** DER of the certs field. */
  readonly certificates: Uint8Array
  readonly notAfter: Instant
}

/** The responders of this process, dropped when any process changes one. */
export interface Responders {
  /** Undefined while the CA has none. @throws SealError when its key cannot be opened */
  of(id: AuthorityId): Responder | undefined | Promise<Responder | undefined>
  /** The CA an OCSP CertID names; undefined when it is none of ours. */
  issuerOf(
    algorithm: 'sha1' | 'sha256',
    nameHash: Uint8Array,
    keyHash: Uint8Array,
  ): AuthorityId | undefined | Promise<AuthorityId | undefined>
}

const REMEMBERED = 1_000

export function createResponders(store: Store, keyService: KeyService): Responders {
  const responders = new LRUCache<AuthorityId, Responder>({ max: REMEMBERED })
  const issuers = new LRUCache<string, AuthorityId>({ max: 2 * REMEMBERED })
  let epoch = -1

  function forgetChanged(): number {
    const current = store.configurationEpoch()
    if (current !== epoch) {
      responders.clear()
      issuers.clear()
      epoch = current
    }
    return current
  }

  return {
    of(id) {
      const current = forgetChanged()
      return responders.get(id) ?? open(id, current)
    },
    issuerOf(algorithm, nameHash, keyHash) {
      const current = forgetChanged()
      const name = `${algorithm} ${latin1(nameHash)}${latin1(keyHash)}`
      return issuers.get(name) ?? find(algorithm, nameHash, keyHash, name, current)
    },
  }

  async function open(id: AuthorityId, openedAt: number): Promise<Responder | undefined> {
    const { record, key } = await store.read(function* (view) {
      const record = yield* view.authorities.responder(id)
      const key = record === undefined ? undefined : yield* view.keys.byId(record.keyId)
      return { record, key }
    })
    if (record === undefined || key === undefined) return undefined
    const spki = parseSubjectPublicKeyInfo(key.spkiDer)
    const responder = {
      signer: keyService.signer(key, defaultSignatureAlgorithm(key.kind)),
      publicKey: importPublicKey(spki),
      responderId: encodeResponderId(sha1KeyHash(spki)),
      certificates: encodeResponderCertificates([record.certificateDer]),
      notAfter: record.notAfter,
    }
    if (openedAt === epoch) responders.set(id, responder)
    return responder
  }

  async function find(
    algorithm: 'sha1' | 'sha256',
    nameHash: Uint8Array,
    keyHash: Uint8Array,
    name: string,
    openedAt: number,
  ): Promise<AuthorityId | undefined> {
    const id = await store.read((view) => view.authorities.byIssuerHashes(algorithm, nameHash, keyHash))
    // Names of others are not remembered: a stranger could fill the memory with them.
    if (id !== undefined && openedAt === epoch) issuers.set(name, id)
    return id
  }
}
