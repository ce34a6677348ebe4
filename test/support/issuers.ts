import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { cryptoInput, type SignatureAlgorithm } from '../../src/pki/algorithms.ts'
import { assembleCertificate, compileCertificateTemplate } from '../../src/pki/certificate-template.ts'
import { encodeBasicConstraints } from '../../src/pki/extensions/basic-constraints.ts'
import { encodeKeyUsage } from '../../src/pki/extensions/key-usage.ts'
import { defaultSignatureAlgorithm, type KeyKind } from '../../src/pki/key-kinds.ts'
import { encodeName } from '../../src/pki/names.ts'
import { oids } from '../../src/pki/oids.ts'
import { keyIdentifier, parseSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from '../../src/pki/spki.ts'

/** A self-signed CA with its key, for tests that need something signed. */
export interface TestIssuer {
  readonly kind: KeyKind
  readonly signatureAlgorithm: SignatureAlgorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly spki: SubjectPublicKeyInfo
  readonly subjectDer: Uint8Array
  readonly subjectKeyIdentifier: Uint8Array
  readonly certificateDer: Uint8Array
  /** Signs with the CA's key and algorithm. */
  sign(data: Uint8Array): Uint8Array
}

/** 2026-01-01 to 2035-12-31, both days included. */
export const issuerValidity = { notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2036, 0, 1) - 1000 }

/** Makes a key and a CA certificate over it. RSA keys of 3072 bits and more take a second or so. */
export function makeIssuer(
  kind: KeyKind,
  signatureAlgorithm: SignatureAlgorithm = defaultSignatureAlgorithm(kind),
): TestIssuer {
  const { privateKey, publicKey } = generateKey(kind)
  const spki = parseSubjectPublicKeyInfo(publicKey.export({ format: 'der', type: 'spki' }))
  const subjectDer = encodeName([
    { type: oids.countryName, value: 'JP' },
    { type: oids.organizationName, value: 'Chancery Tests' },
    { type: oids.commonName, value: `Issuer ${kind}` },
  ])
  const subjectKeyIdentifier = keyIdentifier(spki)
  const signData = (data: Uint8Array): Uint8Array => {
    const input = cryptoInput(signatureAlgorithm, privateKey)
    return sign(input.digest, data, input.key)
  }
  const template = compileCertificateTemplate({
    issuerDer: subjectDer,
    signatureAlgorithm,
    extensions: [
      encodeBasicConstraints({ cA: true }, true),
      encodeKeyUsage(['keyCertSign', 'cRLSign', 'digitalSignature'], true),
      'subjectKeyIdentifier',
    ],
  })
  const tbsDer = template.tbs({
    serialNumber: Uint8Array.of(1),
    ...issuerValidity,
    subjectDer,
    spkiDer: spki.der,
    subjectKeyIdentifier,
  })
  const certificateDer = assembleCertificate(tbsDer, signatureAlgorithm, signData(tbsDer))
  return {
    kind,
    signatureAlgorithm,
    privateKey,
    publicKey,
    spki,
    subjectDer,
    subjectKeyIdentifier,
    certificateDer,
    sign: signData,
  }
}

const curveNames = { 'p-256': 'P-256', 'p-384': 'P-384', 'p-521': 'P-521' } as const

function generateKey(kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (kind) {
    case 'rsa-2048':
    case 'rsa-3072':
    case 'rsa-4096':
      return generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(4)) })
    case 'p-256':
    case 'p-384':
    case 'p-521':
      return generateKeyPairSync('ec', { namedCurve: curveNames[kind] })
    case 'ed25519':
      return generateKeyPairSync('ed25519')
    case 'ml-dsa-44':
    case 'ml-dsa-65':
    case 'ml-dsa-87':
      return generateKeyPairSync(kind)
  }
}
