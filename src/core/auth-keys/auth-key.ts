import { type AccountId, accountId, type Instant } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { sealContexts } from '../keys/seal-contexts.ts'
import type { CollectionDefinition } from '../store/collection.ts'
import { DocumentReader } from '../store/document.ts'

/** A key from which an account's programs work out request tokens. The key itself is not stored. */
export interface AuthKey {
  readonly id: number
  readonly accountId: AccountId
  /** 32 lower-case hex digits drawn at random. */
  readonly publicId: string
  readonly createdAt: Instant
  /** Null: until it is deleted. */
  readonly expiresAt: Instant | null
}

const columns = { public_id: 'text', expires_at: 'instant' } as const

export const authKeys = {
  name: 'auth_key',
  columns,
  unique: [['public_id']],
  values: (key) => ({ public_id: key.publicId, expires_at: key.expiresAt }),
  parse(document) {
    const read = new DocumentReader(document, 'AuthKey')
    return {
      id: read.integer('id'),
      accountId: accountId(read.integer('accountId')),
      publicId: read.text('publicId'),
      createdAt: read.integer('createdAt'),
      expiresAt: read.integerOrNull('expiresAt'),
    }
  },
} as const satisfies CollectionDefinition<AuthKey, keyof typeof columns>

/** The key's text, 64 lower-case hex digits: worked out from its id under a key that the database does not hold. */
export function authKeyText({ sealer }: Pick<Engine, 'sealer'>, key: Omit<AuthKey, 'id'>): string {
  const context = sealContexts.authKey(key.accountId, key.publicId)
  return Buffer.from(sealer.integrity(context, [])).toString('hex')
}
