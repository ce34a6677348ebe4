import { createHmac, type KeyObject } from 'node:crypto'
import type { Random } from '../core/environment.ts'
import type { MasterKeyHolder, NextMasterKey } from '../core/keys/master-key.ts'
import { type SealContext, SealError, type Sealer } from '../core/keys/sealer.ts'
import {
  keyIdText,
  openEnvelope,
  rewrapEnvelope,
  sealEnvelope,
  type WrappingKey,
  wrappingKey,
  wrappingKeyIdOf,
} from './envelope.ts'
import type { MasterKeyFile } from './master-key-file.ts'

export interface MasterKeySealerParts {
  readonly file: MasterKeyFile
  /** The key in use. */
  readonly masterKey: WrappingKey
  /**
   * Key of the integrity MACs. It is a random value that the store keeps sealed, not one derived from the
   * master key: a MAC made once stays right when the master key changes, wherever the record lies.
   */
  readonly integrityKey: KeyObject
  readonly random: Random
}

/** Seals under the master key of a file, and follows the file when another process rotates the key. */
export class MasterKeySealer implements Sealer, MasterKeyHolder {
  readonly #file: MasterKeyFile
  readonly #integrityKey: KeyObject
  readonly #random: Random
  #masterKey: WrappingKey
  #masterKeyId: string

  constructor(parts: MasterKeySealerParts) {
    this.#file = parts.file
    this.#integrityKey = parts.integrityKey
    this.#random = parts.random
    this.#masterKey = parts.masterKey
    this.#masterKeyId = keyIdText(parts.masterKey.id)
  }

  get masterKeyId(): string {
    return this.#masterKeyId
  }

  follow(masterKeyId: string): void {
    if (masterKeyId === this.#masterKeyId) return
    const key = this.#file.find(masterKeyId)
    if (key !== undefined) this.#use(key)
  }

  wrappedBy(sealed: Uint8Array): string {
    return wrappingKeyIdOf(sealed)
  }

  seal(plaintext: Uint8Array, context: SealContext): Uint8Array {
    return sealEnvelope(this.#masterKey, plaintext, context, this.#random)
  }

  open(sealed: Uint8Array, context: SealContext): Uint8Array {
    const id = wrappingKeyIdOf(sealed)
    if (id !== this.#masterKeyId) this.#followOrRefuse(id)
    return openEnvelope(this.#masterKey, sealed, context)
  }

  sealUnder(key: Uint8Array, plaintext: Uint8Array, context: SealContext): Uint8Array {
    return sealEnvelope(wrappingKey('given', key), plaintext, context, this.#random)
  }

  openUnder(key: Uint8Array, sealed: Uint8Array, context: SealContext): Uint8Array {
    return openEnvelope(wrappingKey('given', key), sealed, context)
  }

  integrity(context: SealContext, fields: readonly (Uint8Array | string)[]): Uint8Array {
    const mac = createHmac('sha256', this.#integrityKey)
    mac.update(integrityLabel)
    for (const field of [context.subject, context.purpose, ...fields]) updateWithField(mac, field)
    return mac.digest()
  }

  settle(): void {
    for (const id of this.#file.pendingIds()) {
      if (id === this.#masterKeyId) this.#file.promote(id)
      else this.#file.discard(id)
    }
  }

  prepare(): NextMasterKey {
    const bytes = this.#random.bytes(32)
    try {
      const next = this.#file.writePending(bytes)
      return this.#nextMasterKey(next)
    } finally {
      bytes.fill(0)
    }
  }

  #nextMasterKey(next: WrappingKey): NextMasterKey {
    const current = this.#masterKey
    const id = keyIdText(next.id)
    return {
      id,
      rewrap: (sealed, context) => rewrapEnvelope(current, next, sealed, context, this.#random),
      promote: () => {
        this.#file.promote(id)
        this.#use(next)
      },
      discard: () => this.#file.discard(id),
    }
  }

  #use(key: WrappingKey): void {
    this.#masterKey = key
    this.#masterKeyId = keyIdText(key.id)
  }

  #followOrRefuse(id: string): void {
    try {
      this.follow(id)
    } catch (error) {
      throw new SealError('envelope is wrapped by another master key', { cause: error })
    }
    if (id !== this.#masterKeyId) throw new SealError('envelope is wrapped by another master key')
  }
}

const integrityLabel = Buffer.from('chancery integrity 1\0')
const textField = 0x74
const octetField = 0x62

/** Kind, length and contents: no two lists of fields share an encoding. */
function updateWithField(mac: ReturnType<typeof createHmac>, field: Uint8Array | string): void {
  const contents = typeof field === 'string' ? Buffer.from(field) : field
  const head = Buffer.allocUnsafe(5)
  head[0] = typeof field === 'string' ? textField : octetField
  head.writeUInt32BE(contents.length, 1)
  mac.update(head).update(contents)
}
