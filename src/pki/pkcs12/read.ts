import { createHmac, timingSafeEqual } from 'node:crypto'
import { checkDer } from '../der/check.ts'
import { DerReader } from '../der/reader.ts'
import { PkiError } from '../errors.ts'
import { oids } from '../oids.ts'
import { parsePrivateKeyInfo } from '../pkcs8.ts'
import { decrypt } from './decrypt.ts'
import { type Digest, deriveOctets, purposes } from './derive-key.ts'
import { Rounds } from './rounds.ts'

// RFC 5652 sections 4 and 8, RFC 7292 appendix D, RFC 2985 section 5.5
const dataOid = '1.2.840.113549.1.7.1'
const encryptedDataOid = '1.2.840.113549.1.7.6'
const keyBagOid = '1.2.840.113549.1.12.10.1.1'
const shroudedKeyBagOid = '1.2.840.113549.1.12.10.1.2'
const certificateBagOid = '1.2.840.113549.1.12.10.1.3'
const x509CertificateOid = '1.2.840.113549.1.9.22.1'

const macDigests: ReadonlyMap<string, Digest> = new Map([
  [oids.sha1, 'sha1'],
  [oids.sha256, 'sha256'],
  [oids.sha384, 'sha384'],
  [oids.sha512, 'sha512'],
])
const digestOctets: Readonly<Record<Digest, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 }

/** What a PKCS#12 file holds of keys and certificates, in the order of the file; whatever else it has is passed over. */
export interface Pkcs12File {
  /** PKCS#8 DER of each key; the caller zeroes them. */
  readonly privateKeysDer: readonly Uint8Array[]
  readonly certificatesDer: readonly Uint8Array[]
}

/**
 * Opens a PKCS#12 file of password integrity and password privacy (RFC 7292). The password is checked by the MAC before
 * anything inside is looked at. The file has to be DER, and may cost 1,200,000 rounds of key derivation in all.
 *
 * Raises DerError; PkiError `version_unsupported`, `structure_invalid`, `pkcs12_unsupported` for algorithms and forms
 * that are not read (RC2, public keys in place of a password, PBMAC1), `pkcs12_rounds_too_many`,
 * `pkcs12_password_wrong`.
 */
export async function readPkcs12(der: Uint8Array, password: string): Promise<Pkcs12File> {
  const rounds = new Rounds()
  checkDer(der)
  const pfx = DerReader.ofSequence(der)
  const version = pfx.smallInteger()
  if (version !== 3) throw new PkiError('version_unsupported', { structure: 'pfx', version })
  const authSafe = dataIn(pfx.sequence())
  if (pfx.atEnd) throw new PkiError('structure_invalid', { structure: 'pfx', field: 'macData' })
  await checkMac(pfx.sequence(), authSafe, password, rounds)
  pfx.end()
  const found: Found = { privateKeysDer: [], certificatesDer: [] }
  try {
    checkDer(authSafe)
    const contents = DerReader.ofSequence(authSafe)
    while (!contents.atEnd) await readContent(contents.sequence(), password, rounds, found)
  } catch (error) {
    for (const key of found.privateKeysDer) key.fill(0)
    throw error
  }
  return found
}

interface Found {
  readonly privateKeysDer: Uint8Array[]
  readonly certificatesDer: Uint8Array[]
}

/** The octets of a ContentInfo of type data. */
function dataIn(contentInfo: DerReader): Uint8Array {
  const type = contentInfo.oid()
  if (type !== dataOid) throw new PkiError('pkcs12_unsupported', { oid: type })
  return contentInfo.explicit(0).octetString()
}

/** RFC 7292 section 5.1, step 6. */
async function checkMac(
  macData: DerReader,
  content: Uint8Array,
  password: string,
  rounds: Rounds,
): Promise<void> {
  const digestInfo = macData.sequence()
  const digestOid = digestInfo.sequence().oid()
  const expected = digestInfo.octetString()
  const salt = macData.octetString()
  const iterations = rounds.spend(macData.atEnd ? 1 : macData.smallInteger())
  const digest = macDigests.get(digestOid)
  if (digest === undefined) throw new PkiError('pkcs12_unsupported', { oid: digestOid })
  const length = digestOctets[digest]
  const key = await deriveOctets({ digest, password, salt, iterations, purpose: purposes.mac, length })
  const mac = createHmac(digest, key).update(content).digest()
  key.fill(0)
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) {
    throw new PkiError('pkcs12_password_wrong', {})
  }
}

async function readContent(
  contentInfo: DerReader,
  password: string,
  rounds: Rounds,
  found: Found,
): Promise<void> {
  const type = contentInfo.oid()
  if (type === dataOid) {
    await readBags(contentInfo.explicit(0).octetString(), password, rounds, found)
    return
  }
  if (type !== encryptedDataOid) throw new PkiError('pkcs12_unsupported', { oid: type })
  const encryptedData = contentInfo.explicit(0).sequence()
  encryptedData.smallInteger()
  const encryptedContentInfo = encryptedData.sequence()
  encryptedContentInfo.oid()
  const algorithm = encryptedContentInfo.sequence()
  const safe = await decrypt(algorithm, encryptedContentInfo.implicit(0), password, rounds)
  try {
    await readBags(safe, password, rounds, found)
  } finally {
    safe.fill(0)
  }
}

async function readBags(
  safeContents: Uint8Array,
  password: string,
  rounds: Rounds,
  found: Found,
): Promise<void> {
  checkDer(safeContents)
  const bags = DerReader.ofSequence(safeContents)
  while (!bags.atEnd) {
    const bag = bags.sequence()
    const type = bag.oid()
    const value = bag.explicit(0)
    if (type === certificateBagOid) {
      const certificate = value.sequence()
      // The other kind is an SDSI certificate.
      if (certificate.oid() !== x509CertificateOid) continue
      found.certificatesDer.push(Uint8Array.from(certificate.explicit(0).octetString()))
    } else if (type === keyBagOid) {
      keep(Uint8Array.from(value.raw()), found)
    } else if (type === shroudedKeyBagOid) {
      const encrypted = value.sequence()
      keep(await decrypt(encrypted.sequence(), encrypted.octetString(), password, rounds), found)
    }
  }
}

function keep(privateKeyDer: Uint8Array, found: Found): void {
  found.privateKeysDer.push(privateKeyDer)
  parsePrivateKeyInfo(privateKeyDer)
}
