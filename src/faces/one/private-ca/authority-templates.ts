import { issuingAuthority, rootAuthority } from '../../../core/profiles/authorities.ts'

/** What each kind of CA is made from. Their numbers lie beyond those of the templates of certificates. */
export const authorityTemplates = {
  root: { id: 1_001, name: 'Private Root CA', type: 'root', role: 'root', profile: rootAuthority },
  intermediate: {
    id: 1_002,
    name: 'Private Issuing CA',
    type: 'intermediate',
    role: 'issuing',
    profile: issuingAuthority,
  },
} as const
