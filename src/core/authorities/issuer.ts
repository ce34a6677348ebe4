import type { KeyObject } from 'node:crypto'
import type { CertificateTemplate } from '../../pki/certificate-template.ts'
import type { NameConstraints } from '../../pki/extensions/name-constraints.ts'
import type { Signer } from '../keys/key-service.ts'
import type { KeyClass, LeafProfile } from '../profiles/profile.ts'
import type { AuthorityRecord } from './authority.ts'

/** A template whose fixed parts were linted once; `lint` judges what varies, and tells both. */
export interface LeafTemplate extends CertificateTemplate {
  /** A line for each error in these bytes to be signed. */
  lint(tbsDer: Uint8Array): readonly string[]
}

/** A CA ready to sign: its record checked, its key opened, its templates compiled. */
export interface Issuer {
  readonly authority: AuthorityRecord
  /** The store's configuration epoch when it was opened. */
  readonly epoch: number
  readonly signer: Signer
  /** Checks every signature of the signer before it leaves. */
  readonly publicKey: KeyObject
  /** Octets of the CA certificate's subjectKeyIdentifier: what authorityKeyIdentifier repeats. */
  readonly keyIdentifier: Uint8Array
  /** Those of the CA certificate and of the ones above it: a name has to lie within all of them. */
  readonly nameConstraints: readonly NameConstraints[]
  /** Whether it may issue leaves: no CA may stand below it, or it is granted. */
  readonly issuesLeaves: boolean
  /** Whether it is the installation's own public CA, from which every account may have leaves. */
  readonly installationWide: boolean
  /** @param shard of the CRL that will list the certificate when it is revoked */
  template(profile: LeafProfile, keyClass: KeyClass, shard: number): LeafTemplate
}
