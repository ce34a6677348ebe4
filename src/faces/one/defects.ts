import type { KeyWeakness, NameDefect } from '../../core/faults.ts'

/** What is wrong with a name, after the parameter it came in. */
export const defectText: { readonly [Defect in NameDefect]: string } = {
  empty: 'is empty',
  'too-long': 'is too long',
  'label-too-long': 'has a label of more than 63 characters',
  'too-many-labels': 'has too many labels',
  'empty-label': 'has an empty label',
  'trailing-dot': 'ends with a dot',
  hyphen: 'has a label that begins or ends with a hyphen',
  'reserved-label': 'has a reserved label',
  punycode: 'has a label that is no valid A-label',
  underscore: 'has an underscore',
  character: 'has a character that is not allowed',
  'control-character': 'has a control character',
  wildcard: 'has a wildcard in the wrong place',
  'wildcard-public-suffix': 'is a wildcard over a public suffix',
  'address-as-name': 'is an address, not a DNS name',
  address: 'is no IP address',
  'address-special-purpose': 'is a special-purpose address',
  internal: 'is an internal name',
  email: 'is no email address',
  uri: 'is no URI',
  'type-not-allowed': 'is not allowed by the profile',
  'not-a-name': 'is no name',
  country: 'is no country code',
  'outside-constraints': 'lies outside the name constraints of the CA',
  'not-among-alternative-names': 'has to be one of the alternative names',
}

/** Why a key is refused, after "The CSR cannot be used:". */
export const weaknessText: { readonly [Weakness in KeyWeakness]: string } = {
  roca: 'its key is weak (ROCA)',
  debian: 'its key is weak (Debian)',
  fermat: 'its key is weak (primes close together)',
  'small-factor': 'its key is weak (small factor)',
  exponent: 'its public exponent is not 65537',
  modulus: 'its modulus is no product of two primes',
  curve: 'its curve is not taken; P-256 and P-384 are',
  'explicit-curve': 'its curve is not named',
  point: 'its point is not on the curve',
  published: 'its private key is published',
}
