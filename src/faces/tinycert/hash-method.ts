import type { AccountSettings } from '../../core/accounts/account.ts'
import type { AuthorityRecord } from '../../core/authorities/authority.ts'
import type { SignatureAlgorithm } from '../../pki/algorithms.ts'
import type { KeyKind } from '../../pki/key-kinds.ts'
import type { FormFields } from './form.ts'
import { invalid } from './input-reason.ts'
import { requiredText } from './parameters.ts'

/** What a new CA's key is and what it signs with. */
export interface SigningChoice {
  readonly keyKind: KeyKind
  readonly signatureAlgorithm: SignatureAlgorithm
}

/**
 * The choice that `hash_method` and the account's settings lead to. SHA-1 only ever goes with RSA.
 * @throws Fault parameter_missing, parameter_invalid; sha1 too, unless the account was granted it
 */
export function readHashMethod(fields: FormFields, settings: AccountSettings): SigningChoice {
  const method = requiredText(fields, 'hash_method')
  if (method === 'sha1') {
    if (settings.sha1 !== true) throw invalid('hash_method', 'sha1-not-granted')
    return { keyKind: 'rsa-2048', signatureAlgorithm: 'rsa-sha1' }
  }
  if (method !== 'sha256') throw invalid('hash_method', 'hash-method')
  return keyKindOf(settings) === 'p-256'
    ? { keyKind: 'p-256', signatureAlgorithm: 'ecdsa-sha256' }
    : { keyKind: 'rsa-2048', signatureAlgorithm: 'rsa-sha256' }
}

/** What keys an account's certificates get here. */
export function keyKindOf(settings: AccountSettings): 'rsa-2048' | 'p-256' {
  return settings.tinycertKey ?? 'rsa-2048'
}

/** In answers the name is in upper case. */
export function hashAlgorithmOf(authority: Pick<AuthorityRecord, 'signatureAlgorithm'>): 'SHA1' | 'SHA256' {
  return authority.signatureAlgorithm === 'rsa-sha1' ? 'SHA1' : 'SHA256'
}
