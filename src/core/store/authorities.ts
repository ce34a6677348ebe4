import type {
  AuthorityCertificateRecord,
  AuthorityGrants,
  AuthorityRecord,
  IssuerHashes,
  ResponderRecord,
} from '../authorities/authority.ts'
import type { AccountId, AuthorityId, Instant } from '../brand.ts'
import type { Program } from './program.ts'

export interface AuthorityReads {
  /** Any account's: for status services, jobs and the operator. */
  byId(id: AuthorityId): Program<AuthorityRecord | undefined>
  /** In order of id; pending and deleted ones left out; `origin` narrows the list. */
  ofAccount(account: AccountId, origin?: AuthorityRecord['origin']): Program<readonly AuthorityRecord[]>
  /** Every CA whose status is served (all but pending ones), in order of id, those after `after`. */
  page(after: number, limit: number): Program<readonly AuthorityRecord[]>
  /** Newest first. */
  certificatesOf(id: AuthorityId): Program<readonly AuthorityCertificateRecord[]>
  /** CAs of the account, deleted ones among them, any certificate of which has this serial number; in no order. */
  withSerialNumber(account: AccountId, serialNumber: Uint8Array): Program<readonly AuthorityId[]>
  /** The CA that an OCSP CertID names; both hashes must be of one algorithm. */
  byIssuerHashes(
    algorithm: 'sha1' | 'sha256',
    name: Uint8Array,
    key: Uint8Array,
  ): Program<AuthorityId | undefined>
  responder(id: AuthorityId): Program<ResponderRecord | undefined>
  /**
   * CAs that have not ended whose responder is absent or ends before `before`; not those whose responder ends with
   * them, because a new one would end no later.
   */
  withoutResponderAt(now: Instant, before: Instant, limit: number): Program<readonly AuthorityId[]>
  /** OCSP signers that are valid from later on only. */
  countRespondersAfter(at: Instant): Program<number>
  countCreatedSince(account: AccountId, origin: AuthorityRecord['origin'], since: Instant): Program<number>
}

export interface AuthorityWrites {
  nextId(): Program<AuthorityId>
  insert(authority: AuthorityRecord, hashes: IssuerHashes): Program<void>
  insertCertificate(certificate: AuthorityCertificateRecord): Program<void>
  /** Makes `certificateDer` the current one. */
  renew(id: AuthorityId, certificateDer: Uint8Array, notAfter: Instant): Program<void>
  setStatus(id: AuthorityId, status: AuthorityRecord['status']): Program<void>
  setGrants(id: AuthorityId, grants: AuthorityGrants): Program<void>
  setResponder(responder: ResponderRecord): Program<void>
  /** Drops OCSP signers that are valid from later on only, so that new ones are made; how many. */
  removeRespondersAfter(at: Instant): Program<number>
}
