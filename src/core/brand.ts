declare const brand: unique symbol

/** A representation with a meaning of its own: an AccountId is a number, but not any number is an AccountId. */
export type Brand<Representation, Meaning extends string> = Representation & { readonly [brand]: Meaning }

/** Integer below 2^31, unique in the store. */
export type AccountId = Brand<number, 'AccountId'>
/** Integer below 2^31, unique in the store. Names an issuer: one subject name and one key. */
export type AuthorityId = Brand<number, 'AuthorityId'>
/** Integer below 2^31, unique in the store. */
export type CertificateId = Brand<number, 'CertificateId'>
/** 32 lower-case hex digits drawn at random, so that a key can be sealed to its id before it is stored. */
export type KeyId = Brand<string, 'KeyId'>
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

export const accountId = (value: number): AccountId => value as AccountId
export const authorityId = (value: number): AuthorityId => value as AuthorityId
export const certificateId = (value: number): CertificateId => value as CertificateId
export const keyId = (value: string): KeyId => value as KeyId
