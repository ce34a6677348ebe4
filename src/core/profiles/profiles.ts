import { intermediateAuthority, issuingAuthority, rootAuthority, tinycertAuthority } from './authorities.ts'
import { certcentralProfiles } from './certcentral/profiles.ts'
import { lifecycleProfiles } from './lifecycle.ts'
import type { AuthorityProfile, LeafProfile } from './profile.ts'
import { publicIssuingAuthorities, publicRoot } from './public-authorities.ts'
import { tinycertLeaf } from './tinycert.ts'
import { tlsClient, tlsMutual, tlsServer } from './tls.ts'

/** Leaf profiles by id. */
export const leafProfiles: ReadonlyMap<string, LeafProfile> = byId([
  tlsServer,
  tlsMutual,
  tlsClient,
  tinycertLeaf,
  ...certcentralProfiles,
  ...lifecycleProfiles,
])

/** CA profiles by id. */
export const authorityProfiles: ReadonlyMap<string, AuthorityProfile> = byId([
  rootAuthority,
  intermediateAuthority,
  issuingAuthority,
  tinycertAuthority,
  publicRoot,
  ...Object.values(publicIssuingAuthorities),
])

function byId<P extends { readonly id: string }>(profiles: readonly P[]): ReadonlyMap<string, P> {
  return new Map(profiles.map((profile) => [profile.id, profile]))
}
