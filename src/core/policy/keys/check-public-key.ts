import type { KeyKind } from '../../../pki/key-kinds.ts'
import { keyKindOf, type SubjectPublicKeyInfo } from '../../../pki/spki.ts'
import { Fault, type KeyWeakness } from '../../faults.ts'
import { isFermatWeak } from './fermat.ts'
import { type KeyList, keyListDigest } from './key-list.ts'
import { isPatterned } from './patterned-modulus.ts'
import { builtInKeyLists } from './published-keys.ts'
import { isRoca } from './roca.ts'
import { type RsaNumbers, rsaNumbers } from './rsa-numbers.ts'
import { hasSmallFactor } from './small-factors.ts'

/** What is looked at in an RSA key of an allowed size, cheapest first. The first that holds names the fault. */
const rsaWeaknesses: readonly { readonly weakness: KeyWeakness; holds(key: RsaNumbers): boolean }[] = [
  { weakness: 'exponent', holds: (key) => key.exponent !== 65537n },
  { weakness: 'small-factor', holds: hasSmallFactor },
  { weakness: 'roca', holds: isRoca },
  { weakness: 'modulus', holds: isPatterned },
  { weakness: 'fermat', holds: isFermatWeak },
]

/**
 * Refuses a public key that the profile does not allow or that is known to be weak (cases K14 to K21, K23).
 * Type, curve and size are looked at before any arithmetic. Well under a millisecond.
 *
 * `keyLists` are the lists of known keys: the built-in ones and those the operator has. Compromised keys of
 * this installation are not looked up here: they change while the program runs and stand in the store. Keys
 * made by callers also need `checkModulusIsComposite`.
 *
 * @throws Fault key_type_refused, key_size_refused or key_weak
 */
export function checkPublicKey(
  spki: SubjectPublicKeyInfo,
  allowedKinds: readonly KeyKind[],
  keyLists: readonly KeyList[] = builtInKeyLists,
): void {
  checkKind(spki, allowedKinds)
  const digest = keyListDigest(spki)
  for (const list of keyLists) {
    if (list.has(digest)) {
      throw new Fault('key_weak', { weakness: list.weakness })
    }
  }
  if (spki.type === 'rsa') {
    const key = rsaNumbers(spki)
    for (const { weakness, holds } of rsaWeaknesses) {
      if (holds(key)) {
        throw new Fault('key_weak', { weakness })
      }
    }
  }
}

function checkKind(spki: SubjectPublicKeyInfo, allowedKinds: readonly KeyKind[]): void {
  const kind = keyKindOf(spki)
  if (kind !== undefined && allowedKinds.includes(kind)) {
    return
  }
  if (spki.type === 'rsa') {
    const allowed = allowedKinds
      .filter((each) => each.startsWith('rsa-'))
      .map((each) => Number(each.slice(4)))
    if (allowed.length > 0) {
      throw new Fault('key_size_refused', { bits: spki.bits, allowed })
    }
  }
  throw new Fault('key_type_refused', { received: kind ?? describe(spki), allowed: allowedKinds })
}

function describe(spki: SubjectPublicKeyInfo): string {
  switch (spki.type) {
    case 'rsa':
      return `rsa-${spki.bits}`
    case 'ec':
      return spki.curveName ?? spki.curveOid
    case 'other':
      return spki.name ?? spki.oid
    default:
      return spki.type
  }
}
