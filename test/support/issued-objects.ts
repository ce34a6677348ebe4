/** Everything a CA signs, with fixed contents, for judges to look at. */
import {
  assembleCertificate,
  compileCertificateTemplate,
  type ExtensionSlot,
} from '../../src/pki/certificate-template.ts'
import { assembleCrl, type RevokedCertificate, TbsCertListBuilder } from '../../src/pki/crl-builder.ts'
import { encodeAlternativeNames } from '../../src/pki/extensions/alternative-names.ts'
import { encodeAuthorityInformationAccess } from '../../src/pki/extensions/authority-information-access.ts'
import { encodeBasicConstraints } from '../../src/pki/extensions/basic-constraints.ts'
import { encodeCertificatePolicies } from '../../src/pki/extensions/certificate-policies.ts'
import { encodeCrlDistributionPoints } from '../../src/pki/extensions/crl-distribution-points.ts'
import { encodeExtendedKeyUsage } from '../../src/pki/extensions/extended-key-usage.ts'
import type { Extension } from '../../src/pki/extensions/extension.ts'
import { encodeAuthorityKeyIdentifier } from '../../src/pki/extensions/key-identifiers.ts'
import { encodeKeyUsage } from '../../src/pki/extensions/key-usage.ts'
import { encodeNetscapeCertType } from '../../src/pki/extensions/netscape-cert-type.ts'
import { encodeOcspNoCheck } from '../../src/pki/extensions/ocsp-no-check.ts'
import { encodeName } from '../../src/pki/names.ts'
import {
  assembleOcspResponse,
  buildResponseData,
  encodeResponderCertificates,
  encodeResponderId,
} from '../../src/pki/ocsp-response.ts'
import { oids } from '../../src/pki/oids.ts'
import { sha1KeyHash } from '../../src/pki/spki.ts'
import { unhex } from './hex.ts'
import { issuerValidity, makeIssuer, type TestIssuer } from './issuers.ts'

/** The instant at which CRLs and answers are in force and certificates are valid. */
export const judgedAt = Date.UTC(2027, 0, 1)

/** Whose key certificates are issued for, and who signs answers as delegate. */
export const subscriber = makeIssuer('p-256')

const url = 'http://ca.test'
export const serialNumber = unhex('4c0102030405060708090a0b0c0d0e0f')
export const revokedSerialNumber = unhex('4c0102030405060708090a0b0c0d0e10')

/** A server certificate with every extension a leaf can get. */
export function issueLeaf(issuer: TestIssuer, serial: Uint8Array): Uint8Array {
  return issue(issuer, serial, 'host.test', [
    encodeBasicConstraints({ cA: false }, false),
    encodeKeyUsage(['digitalSignature'], true),
    encodeExtendedKeyUsage([oids.serverAuth, oids.clientAuth]),
    encodeNetscapeCertType(['sslClient', 'sslServer']),
    'subjectKeyIdentifier',
    encodeAuthorityKeyIdentifier(issuer.subjectKeyIdentifier),
    encodeCertificatePolicies([{ policyIdentifier: '2.23.140.1.2.1', cpsUri: `${url}/cps` }]),
    encodeAuthorityInformationAccess({ ocsp: [`${url}/ocsp/1`], caIssuers: [`${url}/aia/1.crt`] }),
    encodeCrlDistributionPoints([`${url}/crl/1.crl`]),
    'subjectAltName',
  ])
}

/** R6: OCSPSigning only, digitalSignature only, nocheck. */
export function issueResponder(issuer: TestIssuer): Uint8Array {
  return issue(issuer, unhex('4d01'), 'OCSP responder', [
    encodeKeyUsage(['digitalSignature'], true),
    encodeExtendedKeyUsage([oids.ocspSigning]),
    encodeOcspNoCheck(),
    'subjectKeyIdentifier',
    encodeAuthorityKeyIdentifier(issuer.subjectKeyIdentifier),
  ])
}

function issue(
  issuer: TestIssuer,
  serial: Uint8Array,
  commonName: string,
  extensions: readonly (Extension | ExtensionSlot)[],
): Uint8Array {
  const { signatureAlgorithm, subjectDer } = issuer
  const template = compileCertificateTemplate({ issuerDer: subjectDer, signatureAlgorithm, extensions })
  const tbs = template.tbs({
    serialNumber: serial,
    ...issuerValidity,
    subjectDer: encodeName([{ type: oids.commonName, value: commonName }]),
    spkiDer: subscriber.spki.der,
    subjectKeyIdentifier: subscriber.subjectKeyIdentifier,
    ...(extensions.includes('subjectAltName') && { subjectAltName }),
  })
  return assembleCertificate(tbs, signatureAlgorithm, issuer.sign(tbs))
}

const subjectAltName = encodeAlternativeNames([
  { type: 'dns', value: 'host.test' },
  { type: 'ip', bytes: unhex('0a000001') },
  { type: 'ip', bytes: unhex('20010db8000000000000000000000001') },
  { type: 'email', value: 'm@host.test' },
  { type: 'uri', value: 'https://host.test/' },
])

export function buildCrl(issuer: TestIssuer, revoked: readonly RevokedCertificate[]): Uint8Array {
  const builder = new TbsCertListBuilder({
    issuerDer: issuer.subjectDer,
    signatureAlgorithm: issuer.signatureAlgorithm,
    thisUpdate: judgedAt - 86_400_000,
    nextUpdate: judgedAt + 86_400_000,
    crlNumber: 4711,
    authorityKeyIdentifier: issuer.subjectKeyIdentifier,
  })
  for (const entry of revoked) {
    builder.add(entry)
  }
  const tbs = builder.finish()
  return assembleCrl(tbs, issuer.signatureAlgorithm, issuer.sign(tbs))
}

export const revokedEntry: RevokedCertificate = {
  serialNumber: revokedSerialNumber,
  revocationDate: judgedAt - 2 * 86_400_000,
  reasonCode: 1,
  invalidityDate: judgedAt - 3 * 86_400_000,
}

export interface Answer {
  readonly certIds: readonly Uint8Array[]
  readonly nonce?: Uint8Array
  /** DER of the delegated certificate; without it the CA signs itself. */
  readonly responderDer?: Uint8Array
}

/** Answers good for the first CertID and revoked for the second. */
export function answer(issuer: TestIssuer, { certIds, nonce, responderDer }: Answer): Uint8Array {
  const signer = responderDer === undefined ? issuer : subscriber
  const data = buildResponseData({
    responderId: encodeResponderId(sha1KeyHash(signer.spki)),
    producedAt: judgedAt,
    responses: certIds.map((certIdDer, index) => ({
      certIdDer,
      certStatus:
        index === 0
          ? { status: 'good' }
          : { status: 'revoked', revocationTime: judgedAt - 2 * 86_400_000, reason: 1 },
      thisUpdate: judgedAt,
      nextUpdate: judgedAt + 8 * 3_600_000,
    })),
    ...(nonce && { nonce }),
  })
  const certificates = responderDer && encodeResponderCertificates([responderDer])
  return assembleOcspResponse(data, signer.signatureAlgorithm, signer.sign(data), certificates)
}
