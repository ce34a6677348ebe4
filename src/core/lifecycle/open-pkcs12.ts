import { createPublicKey } from 'node:crypto'
import { parseCertificate } from '../../pki/certificate.ts'
import { DerError } from '../../pki/der/errors.ts'
import { isPkiError } from '../../pki/errors.ts'
import { importPrivateKey } from '../../pki/pkcs8.ts'
import { readPkcs12 } from '../../pki/pkcs12/read.ts'
import { Fault } from '../faults.ts'

/** A certificate with its key. */
export interface CertificateWithKey {
  readonly certificateDer: Uint8Array
  /** PKCS#8 DER; whoever has it zeroes it. */
  readonly privateKeyDer: Uint8Array
}

/**
 * Opens a PKCS#12 file that holds one key, and the certificate over it among others.
 * @throws Fault parameter_invalid: `password` for one that does not open it, `cert` for everything else
 */
export async function openPkcs12(der: Uint8Array, password: string): Promise<CertificateWithKey> {
  const { privateKeysDer, certificatesDer } = await readFile(der, password)
  const [privateKeyDer, ...others] = privateKeysDer
  try {
    if (privateKeyDer === undefined || others.length > 0) {
      throw unusable(`it holds ${privateKeysDer.length} keys, not one`)
    }
    return { privateKeyDer, certificateDer: certificateOver(privateKeyDer, certificatesDer) }
  } catch (error) {
    for (const each of privateKeysDer) each.fill(0)
    throw error
  }
}

function certificateOver(privateKeyDer: Uint8Array, certificatesDer: readonly Uint8Array[]): Uint8Array {
  try {
    const spkiDer = createPublicKey(importPrivateKey(privateKeyDer)).export({ format: 'der', type: 'spki' })
    const found = certificatesDer.find((der) => Buffer.compare(parseCertificate(der).spki.der, spkiDer) === 0)
    if (found !== undefined) return found
  } catch (error) {
    throw readingFault(error)
  }
  throw unusable('no certificate in it is over its key')
}

async function readFile(der: Uint8Array, password: string): ReturnType<typeof readPkcs12> {
  try {
    return await readPkcs12(der, password)
  } catch (error) {
    throw readingFault(error)
  }
}

/** What was read badly is the caller's; everything else is ours. */
function readingFault(error: unknown): unknown {
  if (isPkiError(error) && error.code === 'pkcs12_password_wrong') {
    return new Fault('parameter_invalid', { parameter: 'password', reason: 'it does not open the file' })
  }
  if (isPkiError(error) || error instanceof DerError) return unusable(error.code)
  return error
}

function unusable(reason: string): Fault {
  return new Fault('parameter_invalid', { parameter: 'cert', reason })
}
