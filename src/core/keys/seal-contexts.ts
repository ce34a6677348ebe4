import { createHash } from 'node:crypto'
import type { AccountId } from '../brand.ts'
import type { KeyRecord } from './key-record.ts'
import type { SealContext } from './sealer.ts'

/** Who a secret belongs to and what it is for: an envelope moved to another row or column does not open. */
export const sealContexts = {
  /** The account's vault key under the key of its passphrase. */
  vaultKey: (account: AccountId): SealContext => ({ subject: `account/${account}`, purpose: 'vault-key' }),
  /** The account's TinyCert API key under the master key. */
  tinycertKey: (account: AccountId): SealContext => ({
    subject: `account/${account}`,
    purpose: 'tinycert-key',
  }),
  /** A session's secrets under the key of its token. */
  session: (account: AccountId, tokenDigest: Uint8Array): SealContext => ({
    subject: `account/${account}/session/${hex(tokenDigest)}`,
    purpose: 'session-secrets',
  }),
  /** The secret of the account's webhook under the master key. */
  webhookSecret: (account: AccountId): SealContext => ({
    subject: `account/${account}`,
    purpose: 'webhook-secret',
  }),
  /** A secret that is shown once, kept for whoever repeats the request that made it. */
  shownSecret: (account: AccountId, object: string): SealContext => ({
    subject: `account/${account}/${object}`,
    purpose: 'shown-secret',
  }),
  /** The key of the integrity MACs under the master key. */
  integrityKey: { subject: 'installation', purpose: 'integrity-key' },
  /** The fields of an account's row, for its integrity MAC. */
  accountRecord: (account: AccountId): SealContext => ({
    subject: `account/${account}`,
    purpose: 'account-record',
  }),
  /** The token by which CAA records tell an account from others, for its derivation. */
  caaToken: (account: AccountId): SealContext => ({ subject: `account/${account}`, purpose: 'caa-token' }),
  /** The link of an approval mail, for its derivation. */
  approvalMail: (account: AccountId, mail: number): SealContext => ({
    subject: `account/${account}/approval-mail/${mail}`,
    purpose: 'approval-link',
  }),
  /** The codes of enrollments, for the digests that they are found by. */
  enrollmentCode: (account: AccountId): SealContext => ({
    subject: `account/${account}`,
    purpose: 'enrollment-code',
  }),
  /** An AuthKey, for its derivation. */
  authKey: (account: AccountId, publicId: string): SealContext => ({
    subject: `account/${account}/auth-key/${publicId}`,
    purpose: 'auth-key',
  }),
  /**
   * A private key: bound to its row, its owner, its kind, its purpose and its public half, so that a writer to
   * the database can neither lend it to another role nor put another public key beside it.
   */
  privateKey: (
    key: Pick<KeyRecord, 'id' | 'accountId' | 'kind' | 'purpose' | 'wrapping' | 'spkiDer'>,
  ): SealContext => ({
    subject: `key/${key.id}/account/${key.accountId}/${key.kind}/${key.wrapping}/${spkiDigest(key.spkiDer)}`,
    purpose: `private-key/${key.purpose}`,
  }),
}

function spkiDigest(spkiDer: Uint8Array): string {
  return createHash('sha256').update(spkiDer).digest('hex')
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}
