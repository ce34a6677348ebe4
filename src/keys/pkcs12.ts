import { createHash } from 'node:crypto'
import { BmpString, OctetString } from 'asn1js'
import {
  Attribute,
  AuthenticatedSafe,
  CertBag,
  ContentInfo,
  EncryptedContentInfo,
  EncryptedData,
  getCrypto,
  PFX,
  PKCS8ShroudedKeyBag,
  SafeBag,
  SafeContents,
} from 'pkijs'
import type { Random } from '../core/environment.ts'
import type { Pkcs12Builder, Pkcs12Contents } from '../core/keys/pkcs12.ts'
import { encryptPrivateKeyInfo } from '../pki/pkcs8.ts'

// RFC 7292 appendix D, RFC 2985 section 5.5
const shroudedKeyBagOid = '1.2.840.113549.1.12.10.1.2'
const certificateBagOid = '1.2.840.113549.1.12.10.1.3'
const x509CertificateOid = '1.2.840.113549.1.9.22.1'
const friendlyNameOid = '1.2.840.113549.1.9.20'
const localKeyIdOid = '1.2.840.113549.1.9.21'

/** As many rounds as Java writes by default and five times as many as OpenSSL; about 10 ms for each of three. */
const iterations = 10_000

/**
 * Writes PKCS#12 files as OpenSSL 3 and Java do by default: PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256 for
 * key and certificates (RFC 8018 section 6.2), and HMAC-SHA-256 over it all under a key derived as in RFC 7292
 * appendix B. PBMAC1 (RFC 9579) is left out: many readers in use do not know it.
 *
 * The structures are pkijs's. It gets certificates and the encrypted key as octets and so re-encodes neither.
 * The result is DER throughout, although PKCS#12 allows BER: some readers are stricter than the standard.
 */
export class PkijsPkcs12Builder implements Pkcs12Builder {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  async build(contents: Pkcs12Contents): Promise<Uint8Array> {
    const password = toArrayBuffer(new TextEncoder().encode(contents.password))
    // The same value at key and certificate is how readers match them.
    const localKeyId = createHash('sha1').update(contents.certificateDer).digest()
    const attributes = bagAttributes(contents.friendlyName, localKeyId)
    const keyBag = await this.#shroudedKeyBag(contents)
    const keySafe = new SafeContents({
      safeBags: [new SafeBag({ bagId: shroudedKeyBagOid, bagValue: keyBag, bagAttributes: attributes })],
    })
    const certificateSafe = new SafeContents({
      safeBags: [
        certificateBag(contents.certificateDer, attributes),
        ...contents.chainDer.map((der) => certificateBag(der)),
      ],
    })
    const authenticatedSafe = new AuthenticatedSafe({
      safeContents: [dataContent(keySafe), await encryptedContent(certificateSafe, password)],
    })
    const file = new PFX({ parsedValue: { integrityMode: 0, authenticatedSafe } })
    await file.makeInternalValues({
      password,
      iterations,
      pbkdf2HashAlgorithm: 'SHA-256',
      hmacHashAlgorithm: 'SHA-256',
    })
    return new Uint8Array(file.toSchema().toBER())
  }

  async #shroudedKeyBag(contents: Pkcs12Contents): Promise<PKCS8ShroudedKeyBag> {
    const encrypted = await encryptPrivateKeyInfo(contents.privateKeyDer, contents.password, {
      salt: this.#random.bytes(16),
      initializationVector: this.#random.bytes(16),
      iterations,
    })
    return PKCS8ShroudedKeyBag.fromBER(toArrayBuffer(encrypted))
  }
}

/** RFC 7292 section 4.2.3. */
function certificateBag(certificateDer: Uint8Array, bagAttributes?: Attribute[]): SafeBag {
  const certValue = new OctetString({ valueHex: toArrayBuffer(certificateDer) })
  const bagValue = new CertBag({ certId: x509CertificateOid, certValue })
  const bagId = certificateBagOid
  return new SafeBag(bagAttributes === undefined ? { bagId, bagValue } : { bagId, bagValue, bagAttributes })
}

/** A SET OF is in order of the encodings in DER; pkijs writes it in the order given. */
function bagAttributes(friendlyName: string, localKeyId: Uint8Array): Attribute[] {
  const attributes = [
    new Attribute({ type: friendlyNameOid, values: [bmpString(friendlyName)] }),
    new Attribute({
      type: localKeyIdOid,
      values: [new OctetString({ valueHex: toArrayBuffer(localKeyId) })],
    }),
  ]
  return attributes.sort((a, b) =>
    Buffer.compare(new Uint8Array(a.toSchema().toBER()), new Uint8Array(b.toSchema().toBER())),
  )
}

/** A BMPString has no characters beyond U+FFFF; what cannot be written becomes the replacement character. */
function bmpString(text: string): BmpString {
  const characters = Array.from(text.toWellFormed(), (character) =>
    character.length > 1 ? '\ufffd' : character,
  )
  return new BmpString({ value: characters.join('') })
}

/** The key is encrypted in its bag already. */
function dataContent(safe: SafeContents): ContentInfo {
  const content = new OctetString({ valueHex: safe.toSchema().toBER() })
  return new ContentInfo({ contentType: ContentInfo.DATA, content })
}

async function encryptedContent(safe: SafeContents, password: ArrayBuffer): Promise<ContentInfo> {
  const encrypted = await getCrypto(true).encryptEncryptedContentInfo({
    password,
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256 },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: iterations,
    contentType: ContentInfo.DATA,
    contentToEncrypt: safe.toSchema().toBER(),
  })
  // pkijs cuts long content into pieces of 1,024 octets, which is BER.
  const encryptedContentInfo = new EncryptedContentInfo({
    contentType: encrypted.contentType,
    contentEncryptionAlgorithm: encrypted.contentEncryptionAlgorithm,
    encryptedContent: new OctetString({ valueHex: encrypted.getEncryptedContent() }),
    disableSplit: true,
  })
  const content = new EncryptedData({ encryptedContentInfo }).toSchema()
  return new ContentInfo({ contentType: ContentInfo.ENCRYPTED_DATA, content })
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
