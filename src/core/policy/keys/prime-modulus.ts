import { checkPrime } from 'node:crypto'
import type { SubjectPublicKeyInfo } from '../../../pki/spki.ts'
import { Fault } from '../../faults.ts'
import { withoutLeadingZeros } from './rsa-numbers.ts'

/**
 * Refuses an RSA key whose modulus is itself prime: its private exponent follows from the public key. One
 * exponentiation as long as the modulus, so it runs on a thread (milliseconds); other keys pass at once.
 * Expects a key that passed `checkPublicKey`, which bounds the size.
 *
 * @throws Fault key_weak
 */
export async function checkModulusIsComposite(spki: SubjectPublicKeyInfo): Promise<void> {
  if (spki.type === 'rsa' && (await isPrime(withoutLeadingZeros(spki.modulus)))) {
    throw new Fault('key_weak', { weakness: 'modulus' })
  }
}

function isPrime(value: Uint8Array): Promise<boolean> {
  return new Promise((resolve, reject) => {
    checkPrime(value, { checks: 1 }, (error, result) => {
      if (error === null || error === undefined) {
        resolve(result)
      } else {
        reject(error)
      }
    })
  })
}
