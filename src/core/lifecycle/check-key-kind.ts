import { parseCertificationRequest } from '../../pki/csr.ts'
import type { KeyKind } from '../../pki/key-kinds.ts'
import { keyKindOf } from '../../pki/spki.ts'
import { readingRequest } from '../certificates/csr-faults.ts'
import { Fault } from '../faults.ts'
import { keySizeText } from './describe-certificate.ts'

/**
 * Whether the key of a request is of a kind that a profile takes. Keys that no profile takes are left to the checks of
 * the engine, which know what is wrong with them.
 *
 * @throws Fault key_type_refused; what reading the request raises
 */
export function checkKeyKind(csr: Uint8Array, allowed: readonly KeyKind[]): void {
  const { spki } = readingRequest(() => parseCertificationRequest(csr, 'keep'))
  const kind = keyKindOf(spki)
  if (kind === undefined || allowed.includes(kind)) return
  throw new Fault('key_type_refused', { received: keySizeText(spki), allowed })
}
