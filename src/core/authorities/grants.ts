import type { AuthorityGrants } from './authority.ts'

/** The private hierarchy of an account: any internal name and private address, server-made keys, hold. */
export const privateHierarchyGrants: AuthorityGrants = {
  internalNames: ['*'],
  privateAddresses: ['*'],
  serverKeys: true,
  hold: true,
}

/** CAs made at the TinyCert face: roots that issue leaves; the same, free common names, and reversible revocation as documented there. */
export const tinycertGrants: AuthorityGrants = {
  ...privateHierarchyGrants,
  reversibleRevocation: true,
  freeCommonName: true,
  leaves: true,
}
