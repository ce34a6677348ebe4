import type { KeyKind } from '../../pki/key-kinds.ts'
import type { KeyClass } from './profile.ts'

export function keyClassOf(kind: KeyKind): KeyClass {
  return kind === 'rsa-2048' || kind === 'rsa-3072' || kind === 'rsa-4096' ? 'rsa' : 'signature'
}

/** Key kinds every profile takes. */
const commonKinds: readonly KeyKind[] = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256', 'p-384']

/** The kinds a leaf below a CA may have: the common ones and those the CA was granted. */
export function allowedKeyKinds(granted: readonly KeyKind[] | undefined): readonly KeyKind[] {
  return granted === undefined ? commonKinds : [...commonKinds, ...granted]
}
