import { createPublicKey, type KeyObject } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { type Instant, type KeyId, keyId } from '../core/brand.ts'
import type { Random } from '../core/environment.ts'
import type { KeyRecord } from '../core/keys/key-record.ts'
import type { KeyService, Signer } from '../core/keys/key-service.ts'
import { sealContexts } from '../core/keys/seal-contexts.ts'
import { SealError, type Sealer } from '../core/keys/sealer.ts'
import type { SignatureAlgorithm } from '../pki/algorithms.ts'
import { keyKindOf, parseSubjectPublicKeyInfo } from '../pki/spki.ts'
import { checkPair, generatePair, importPrivateKey, type KeyPair, signWith } from './private-keys.ts'

export interface SealedKeyServiceOptions {
  readonly sealer: Sealer
  readonly random: Random
  /** Master-wrapped keys that stay open, the least used leaving first. Default 1,000. */
  readonly openKeys?: number
}

/** A key in memory, with the record it was opened from. */
interface OpenKey {
  readonly record: KeyRecord
  readonly key: KeyObject
  readonly signers: Map<SignatureAlgorithm, Signer>
}

/** Whose key is sealed, for what, and under what: the master key without a vault key. */
type Sealing = Pick<KeyRecord, 'accountId' | 'kind' | 'purpose'> & {
  readonly vaultKey: Uint8Array | undefined
  readonly now: Instant
}

/** Keeps private keys in sealed records and signs in this process. */
export class SealedKeyService implements KeyService {
  readonly #sealer: Sealer
  readonly #random: Random
  readonly #open: LRUCache<KeyId, OpenKey>

  constructor(options: SealedKeyServiceOptions) {
    this.#sealer = options.sealer
    this.#random = options.random
    this.#open = new LRUCache({ max: options.openKeys ?? 1000 })
  }

  async generate(request: Parameters<KeyService['generate']>[0]): Promise<KeyRecord> {
    const { kind, purpose, accountId, vaultKey, now } = request
    const pair = await generatePair(kind)
    await checkPair(pair, kind, this.#random.bytes(32))
    return this.#sealed(pair, { accountId, kind, purpose, vaultKey, now })
  }

  async adopt(request: Parameters<KeyService['adopt']>[0]): Promise<KeyRecord | undefined> {
    const { privateKeyDer, purpose, accountId, now } = request
    const privateKey = importPrivateKey(privateKeyDer)
    const publicKey = createPublicKey(privateKey)
    const kind = keyKindOf(parseSubjectPublicKeyInfo(publicKey.export({ format: 'der', type: 'spki' })))
    if (kind === undefined) return undefined
    try {
      await checkPair({ privateKey, publicKey }, kind, this.#random.bytes(32))
    } catch {
      // The cause is dropped: errors about key material do not travel.
      return undefined
    }
    return this.#sealed({ privateKey, publicKey }, { accountId, kind, purpose, vaultKey: undefined, now })
  }

  #sealed(pair: KeyPair, { accountId, kind, purpose, vaultKey, now }: Sealing): KeyRecord {
    const identity = {
      id: keyId(Buffer.from(this.#random.bytes(16)).toString('hex')),
      accountId,
      kind,
      purpose,
      wrapping: vaultKey === undefined ? ('master' as const) : ('vault' as const),
      spkiDer: pair.publicKey.export({ format: 'der', type: 'spki' }),
    }
    const context = sealContexts.privateKey(identity)
    const pkcs8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' })
    const sealed =
      vaultKey === undefined
        ? this.#sealer.seal(pkcs8, context)
        : this.#sealer.sealUnder(vaultKey, pkcs8, context)
    pkcs8.fill(0)
    return { ...identity, sealed, createdAt: now }
  }

  signer(record: KeyRecord, algorithm: SignatureAlgorithm, vaultKey?: Uint8Array): Signer {
    if (vaultKey !== undefined) return signerOf(this.#openKey(record, vaultKey), record, algorithm)
    const opened = this.#remembered(record)
    const known = opened.signers.get(algorithm)
    if (known !== undefined) return known
    const made = signerOf(opened.key, record, algorithm)
    opened.signers.set(algorithm, made)
    return made
  }

  exportPrivateKey(record: KeyRecord, vaultKey?: Uint8Array): Uint8Array {
    const context = sealContexts.privateKey(record)
    if (record.wrapping === 'master') return this.#sealer.open(record.sealed, context)
    if (vaultKey === undefined) throw new SealError('the key needs its vault key')
    return this.#sealer.openUnder(vaultKey, record.sealed, context)
  }

  forget(id: KeyId): void {
    this.#open.delete(id)
  }

  #remembered(record: KeyRecord): OpenKey {
    const known = this.#open.get(record.id)
    // A row that differs in anything has to prove itself anew.
    if (known !== undefined && isSame(known.record, record)) return known
    const opened: OpenKey = { record, key: this.#openKey(record, undefined), signers: new Map() }
    this.#open.set(record.id, opened)
    return opened
  }

  #openKey(record: KeyRecord, vaultKey: Uint8Array | undefined): KeyObject {
    const pkcs8 = this.exportPrivateKey(record, vaultKey)
    try {
      return importPrivateKey(pkcs8)
    } catch (error) {
      throw new SealError('the sealed key is not a private key', { cause: error })
    } finally {
      pkcs8.fill(0)
    }
  }
}

function signerOf(key: KeyObject, record: KeyRecord, algorithm: SignatureAlgorithm): Signer {
  return { algorithm, sign: signWith(key, record.kind, algorithm) }
}

function isSame(a: KeyRecord, b: KeyRecord): boolean {
  if (a === b) return true
  return (
    a.accountId === b.accountId &&
    a.kind === b.kind &&
    a.purpose === b.purpose &&
    a.wrapping === b.wrapping &&
    Buffer.compare(a.spkiDer, b.spkiDer) === 0 &&
    Buffer.compare(a.sealed, b.sealed) === 0
  )
}
