import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { AccountRecord, ApiKeyRecord, SessionRecord } from '../../src/core/accounts/account.ts'
import type { Event } from '../../src/core/audit/event.ts'
import type { AuthorityRecord, IssuerHashes } from '../../src/core/authorities/authority.ts'
import { type AccountId, accountId, authorityId, keyId } from '../../src/core/brand.ts'
import type { Reservation, StatusRecord } from '../../src/core/certificates/certificate.ts'
import type { KeyRecord } from '../../src/core/keys/key-record.ts'
import type { CrlRecord } from '../../src/core/status/crl-record.ts'

/** Records of the right shape for tests of the store, which does not look inside most octets. */

export const octets = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
export const digestOf = (text: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(text).digest())

export const NOW = Date.UTC(2026, 10, 1)
export const DAY = 86_400_000

export function anAccount(overrides: Partial<AccountRecord> = {}): AccountRecord {
  return {
    id: accountId(1),
    email: 'owner@example.test',
    name: 'Owner',
    status: 'active',
    settings: {},
    passphraseParameters: {
      algorithm: 'argon2id',
      memoryKiB: 19_456,
      passes: 2,
      lanes: 1,
      salt: digestOf('salt').slice(0, 16),
    },
    vaultKeySealed: digestOf('vault'),
    tinycertKeySealed: digestOf('tinycert'),
    createdAt: NOW,
    integrity: digestOf('integrity'),
    ...overrides,
  }
}

export function aSession(overrides: Partial<SessionRecord> = {}): SessionRecord {
  return {
    tokenDigest: octets(32),
    accountId: accountId(1),
    secretsSealed: octets(80),
    createdAt: NOW,
    lastUsedAt: NOW,
    ...overrides,
  }
}

export function anApiKey(overrides: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
  return {
    id: randomInt(1, 2 ** 31 - 1),
    publicId: randomBytes(13).toString('hex'),
    accountId: accountId(1),
    userId: null,
    name: 'key',
    digest: octets(32),
    role: 'administrator',
    restriction: null,
    endDate: null,
    createdAt: NOW,
    revokedAt: null,
    lastUsedAt: null,
    ...overrides,
  }
}

export function aKey(overrides: Partial<KeyRecord> = {}): KeyRecord {
  return {
    id: keyId(randomBytes(16).toString('hex')),
    accountId: accountId(1),
    kind: 'p-256',
    purpose: 'subscriber',
    wrapping: 'vault',
    spkiDer: octets(91),
    sealed: octets(200),
    createdAt: NOW,
    ...overrides,
  }
}

export function anAuthority(overrides: Partial<AuthorityRecord> = {}): AuthorityRecord {
  return {
    id: authorityId(1),
    accountId: accountId(1),
    parentId: null,
    succeedsId: null,
    role: 'issuing',
    origin: 'tinycert',
    name: 'Issuing CA',
    strictness: 'private-tls',
    grants: {},
    profile: 'tls-server',
    keyId: keyId('0123456789abcdef0123456789abcdef'),
    signatureAlgorithm: 'ecdsa-sha256',
    subjectDer: digestOf('subject'),
    spkiDer: digestOf('spki'),
    certificateDer: digestOf('certificate'),
    notAfter: NOW + 3650 * DAY,
    crlShards: 1,
    contactEmail: 'owner@example.test',
    status: 'active',
    createdAt: NOW,
    ...overrides,
  }
}

export function issuerHashes(of = 'issuer'): IssuerHashes {
  return {
    nameSha1: digestOf(`${of} name`).slice(0, 20),
    keySha1: digestOf(`${of} key`).slice(0, 20),
    nameSha256: digestOf(`${of} name`),
    keySha256: digestOf(`${of} key`),
  }
}

export function aSerialNumber(): Uint8Array {
  const serialNumber = octets(20)
  serialNumber[0] = 1
  return serialNumber
}

export function aReservation(overrides: Partial<Reservation> = {}): Reservation {
  return {
    accountId: accountId(1),
    authorityId: authorityId(1),
    serialNumber: aSerialNumber(),
    attempt: octets(16),
    profile: 'tls-server',
    origin: 'tinycert',
    tbsDer: octets(700),
    notBefore: NOW,
    notAfter: NOW + 90 * DAY - 1_000,
    name: 'www.example.test',
    spkiDigest: octets(32),
    csrDer: octets(300),
    keyId: null,
    supersedes: null,
    createdAt: NOW,
    ...overrides,
  }
}

export function aStatus(
  of: Pick<StatusRecord, 'certificateId' | 'serialNumber'>,
  overrides: Partial<StatusRecord> = {},
): StatusRecord {
  return {
    authorityId: authorityId(1),
    status: 'revoked',
    reason: 0,
    at: NOW,
    notAfter: NOW + 90 * DAY - 1_000,
    ...of,
    ...overrides,
  }
}

export function aCrl(number: number, overrides: Partial<CrlRecord> = {}): CrlRecord {
  return {
    authorityId: authorityId(1),
    shard: 0,
    number,
    thisUpdate: NOW,
    nextUpdate: NOW + 7 * DAY,
    entries: 0,
    der: octets(100),
    ...overrides,
  }
}

export function anEvent(object: string, account: AccountId | null = null): Event {
  return {
    action: 'setting.changed',
    at: NOW,
    actor: { type: 'system' },
    accountId: account,
    object,
    requestId: null,
    detail: { text: 'naïve ☃', count: 3, absent: null, yes: true },
  }
}
