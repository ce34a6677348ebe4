import { createPrivateKey, generateKeyPair, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import {
  cryptoInput,
  type SignatureAlgorithm,
  signatureAlgorithms,
  verifySignature,
} from '../pki/algorithms.ts'
import { defaultSignatureAlgorithm, type KeyKind } from '../pki/key-kinds.ts'

/** Both halves of a new key. */
export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

const generateOnThread = promisify(generateKeyPair)
/** F4: the one exponent that is issued for. */
const publicExponent = 0x10001

const generators: { readonly [Kind in KeyKind]: () => KeyPair | Promise<KeyPair> } = {
  'rsa-2048': () => generateOnThread('rsa', { modulusLength: 2048, publicExponent }),
  'rsa-3072': () => generateOnThread('rsa', { modulusLength: 3072, publicExponent }),
  'rsa-4096': () => generateOnThread('rsa', { modulusLength: 4096, publicExponent }),
  'p-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'p-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'p-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  ed25519: () => generateKeyPairSync('ed25519'),
  'ml-dsa-44': () => generateKeyPairSync('ml-dsa-44'),
  'ml-dsa-65': () => generateKeyPairSync('ml-dsa-65'),
  'ml-dsa-87': () => generateKeyPairSync('ml-dsa-87'),
}

/** RSA on a thread; the others take less than half a millisecond. */
export function generatePair(kind: KeyKind): KeyPair | Promise<KeyPair> {
  return generators[kind]()
}

/** Takes PKCS#8 DER, which the caller zeroes. */
export function importPrivateKey(pkcs8: Uint8Array): KeyObject {
  const key = Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.length)
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

/** Octets whose hash takes as long as a hop to a thread several times over. */
const LARGE_MESSAGE = 65_536

/**
 * The way a key signs: EC and Ed25519 at once, because a hop to a thread costs more than the signature; RSA
 * and ML-DSA, which take a millisecond, and large messages such as CRLs on a thread.
 * @throws RangeError when the algorithm does not fit the key's kind
 */
export function signWith(
  key: KeyObject,
  kind: KeyKind,
  algorithm: SignatureAlgorithm,
): (message: Uint8Array) => Uint8Array | Promise<Uint8Array> {
  const { keyKinds, keyType } = signatureAlgorithms[algorithm]
  if (!keyKinds.includes(kind)) throw new RangeError(`a key of kind ${kind} does not sign with ${algorithm}`)
  const input = cryptoInput(algorithm, key)
  const onThread = (message: Uint8Array) =>
    new Promise<Uint8Array>((resolve, reject) => {
      sign(input.digest, message, input.key, (error, signature) => {
        if (error) reject(error)
        else resolve(signature)
      })
    })
  if (keyType !== 'ec' && keyType !== 'ed25519') return onThread
  return (message) =>
    message.length > LARGE_MESSAGE ? onThread(message) : sign(input.digest, message, input.key)
}

/** Signs and verifies a message: a faulty key is found before anything depends on it. */
export async function checkPair(pair: KeyPair, kind: KeyKind, message: Uint8Array): Promise<void> {
  const algorithm = defaultSignatureAlgorithm(kind)
  const signature = await signWith(pair.privateKey, kind, algorithm)(message)
  if (!verifySignature(algorithm, pair.publicKey, message, signature)) {
    throw new Error(`a new ${kind} key failed its self-check`)
  }
}
