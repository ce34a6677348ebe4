import { findSignatureAlgorithm, signatureAlgorithms } from '../../../pki/algorithms.ts'
import { DerReader } from '../../../pki/der/reader.ts'
import { NULL } from '../../../pki/der/tags.ts'
import { oids } from '../../../pki/oids.ts'
import { type CertificateView, safely } from '../certificate-view.ts'
import { isCodeSigning } from '../classification.ts'
import { ruleTable } from '../rule.ts'

const brokenDigests: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'MD2'],
  ['1.2.840.113549.1.1.3', 'MD4'],
  ['1.2.840.113549.1.1.4', 'MD5'],
  [oids.sha1WithRsaEncryption, 'SHA-1'],
  ['1.3.14.3.2.29', 'SHA-1'],
  ['1.2.840.10040.4.3', 'SHA-1 with DSA'],
  ['1.2.840.10045.4.1', 'SHA-1 with ECDSA'],
])

/** The signature's AlgorithmIdentifier, RFC 5280 sections 4.1.1.2 and 4.1.2.3. */
export const algorithmRules = ruleTable(
  { family: 'rfc', section: 'RFC 5280 section 4.1.1.2', scope: 'template' },
  [
    {
      id: 'signature-algorithms-equal',
      scope: 'full',
      check: ({ innerAlgorithmDer, envelope }) =>
        envelope !== undefined && Buffer.compare(innerAlgorithmDer, envelope.signatureAlgorithmDer) !== 0
          ? 'signature and signatureAlgorithm differ'
          : undefined,
    },
    {
      id: 'rsa-signature-null-parameters',
      section: 'RFC 4055 section 5',
      check: ({ innerAlgorithmDer, envelope }) =>
        nullProblem(innerAlgorithmDer) ??
        (envelope === undefined ? undefined : nullProblem(envelope.signatureAlgorithmDer)),
    },
    {
      id: 'signature-algorithm-encoding',
      section: 'RFC 4055 section 3.1, RFC 5758 section 3.2',
      check: ({ innerAlgorithmDer }) =>
        supported.has(algorithmOid(innerAlgorithmDer)) &&
        findSignatureAlgorithm(innerAlgorithmDer) === undefined
          ? 'not the fixed encoding of this algorithm'
          : undefined,
    },
    {
      id: 'signature-digest',
      section: 'RFC 6194, RFC 6151',
      check: ({ innerAlgorithmDer }) => {
        const broken = brokenDigests.get(algorithmOid(innerAlgorithmDer))
        return broken === undefined ? undefined : `signed with ${broken}`
      },
    },
    {
      id: 'ecdsa-digest-fits-curve',
      section: 'RFC 5480 section 4, Mozilla Root Store Policy section 5.1.2',
      scope: 'full',
      check: ecdsaProblem,
    },
  ],
)

export const tlsAlgorithmRules = ruleTable(
  { family: 'tls', section: 'TLS BR section 7.1.3.2', scope: 'template' },
  [
    {
      id: 'tls-signature-algorithm',
      applies: (certificate) => !isCodeSigning(certificate),
      check: ({ innerAlgorithmDer }) => outsideList(innerAlgorithmDer),
    },
    {
      id: 'code-signing-signature-algorithm',
      section: 'CS BR section 7.1.3.2',
      applies: isCodeSigning,
      check: ({ innerAlgorithmDer }) => outsideList(innerAlgorithmDer),
    },
  ],
)

const supported: ReadonlySet<string> = new Set(Object.values(signatureAlgorithms).map(({ oid }) => oid))
const rsaPkcs1: ReadonlySet<string> = new Set([
  oids.sha1WithRsaEncryption,
  oids.sha256WithRsaEncryption,
  oids.sha384WithRsaEncryption,
  oids.sha512WithRsaEncryption,
  '1.2.840.113549.1.1.14',
])
const webAlgorithms: ReadonlySet<string> = new Set([
  oids.sha256WithRsaEncryption,
  oids.sha384WithRsaEncryption,
  oids.sha512WithRsaEncryption,
  oids.rsassaPss,
  oids.ecdsaWithSha256,
  oids.ecdsaWithSha384,
  oids.ecdsaWithSha512,
])

export function algorithmOid(identifierDer: Uint8Array): string {
  return DerReader.ofSequence(identifierDer).oid()
}

function outsideList(identifierDer: Uint8Array): string | undefined {
  const oid = algorithmOid(identifierDer)
  return webAlgorithms.has(oid) ? undefined : `signed with ${oid}`
}

export function nullProblem(identifierDer: Uint8Array): string | undefined {
  const fields = DerReader.ofSequence(identifierDer)
  return rsaPkcs1.has(fields.oid()) && fields.peekTag() !== NULL ? 'parameters are not NULL' : undefined
}

/** The size of r and s tells the signer's curve when the issuer is not at hand. */
function ecdsaProblem({ innerAlgorithmDer, envelope }: CertificateView): string | undefined {
  const oid = algorithmOid(innerAlgorithmDer)
  const digestBits = ecdsaDigestBits.get(oid)
  if (envelope === undefined || digestBits === undefined) {
    return undefined
  }
  const octets = safely(() => {
    const fields = DerReader.ofSequence(envelope.signature)
    return Math.max(magnitude(fields.integer()), magnitude(fields.integer()))
  })
  if (octets === undefined) {
    return 'the signature is no ECDSA-Sig-Value'
  }
  const curveBits = octets <= 32 ? 256 : octets <= 48 ? 384 : 512
  return curveBits === digestBits ? undefined : `SHA-${digestBits} with a curve of ${octets} octets`
}

const ecdsaDigestBits: ReadonlyMap<string, number> = new Map([
  [oids.ecdsaWithSha256, 256],
  [oids.ecdsaWithSha384, 384],
  [oids.ecdsaWithSha512, 512],
])

function magnitude(integer: Uint8Array): number {
  return integer[0] === 0 ? integer.length - 1 : integer.length
}
