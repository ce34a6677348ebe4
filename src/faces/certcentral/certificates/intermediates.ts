import { hash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { AuthorityRecord } from '../../../core/authorities/authority.ts'
import { authoritiesAbove } from '../../../core/authorities/authority-chain.ts'
import { authorityByCaCertId, caCertId } from '../../../core/authorities/ca-cert-id.ts'
import type { Instant } from '../../../core/brand.ts'
import { Fault } from '../../../core/faults.ts'
import { loadPolicy } from '../../../core/identity/account-policy.ts'
import { buyableProducts, readWithIssuers } from '../../../core/products/buyable-products.ts'
import { knownIssuers } from '../../../core/products/order-authority.ts'
import type { Program } from '../../../core/store/program.ts'
import type { View } from '../../../core/store/store.ts'
import { signatureAlgorithms } from '../../../pki/algorithms.ts'
import { parseCertificate } from '../../../pki/certificate.ts'
import { attributeValues, commonNameOf } from '../../../pki/names.ts'
import { oids } from '../../../pki/oids.ts'
import type { Call } from '../call.ts'
import { file, listed, type Members } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'
import { certificatePem } from './pem.ts'

const view = { method: 'GET', resource: 'certificates', right: 'view' } as const
const pemFile = { ...view, tier: 'C', answers: 'file' } as const

/** CAs that issue what the account orders, and the roots above them. */
export const intermediateRoutes: readonly Route[] = [
  defineRoute({
    ...view,
    path: '/certificate/intermediates',
    tier: 'B',
    async handler({ engine, account, principal }) {
      // Whoever trusts these before the first order needs the public CAs that it would be issued by, too.
      const buyable = (each: View) => buyableProducts(each, principal, undefined)
      await readWithIssuers(engine, buyable, (all) => all, { pause })
      const issuers = await engine.store.read((each) => issuersOfAccount(each, account.id))
      return listed('intermediates', issuers.map(intermediateView))
    },
  }),
  defineRoute({ ...pemFile, path: '/certificate/intermediates/:id', handler: caCertificateFile }),
  defineRoute({ ...pemFile, path: '/ca-cert/:id/pem', handler: caCertificateFile }),
]

async function caCertificateFile(call: Call<'id'>) {
  const { engine, account } = call
  const known = await engine.store.read(function* (each) {
    const issuers = yield* issuersOfAccount(each, account.id)
    const above: AuthorityRecord[] = []
    for (const issuer of issuers) above.push(...(yield* authoritiesAbove(each, issuer)))
    return [...issuers, ...above]
  })
  const authority = authorityByCaCertId(known, call.pathText('id'))
  if (authority === undefined) throw new Fault('object_unknown', { object: 'authority' })
  return file(
    'application/x-pem-file',
    certificatePem(authority.certificateDer),
    `${caCertId(authority)}.pem`,
  )
}

function* issuersOfAccount(
  each: View,
  account: Parameters<typeof loadPolicy>[1],
): Program<readonly AuthorityRecord[]> {
  const { own, installation } = yield* knownIssuers(each, yield* loadPolicy(each, account))
  return [...own, ...installation.values()]
}

function intermediateView(authority: AuthorityRecord): Members {
  const certificate = parseCertificate(authority.certificateDer)
  const { subject, issuer, signatureAlgorithm } = certificate
  return {
    id: caCertId(authority),
    subject_common_name: commonNameOf(subject),
    subject_org_name: attributeValues(subject, oids.organizationName)[0],
    valid_from: blankDateTime(certificate.notBefore),
    valid_to: blankDateTime(certificate.notAfter),
    serial_number: hexOf(certificate.serialNumber),
    thumbprint: hash('sha1', certificate.der, 'hex').toUpperCase(),
    signature_hash:
      signatureAlgorithm === undefined
        ? undefined
        : signatureAlgorithms[signatureAlgorithm].digest?.toUpperCase(),
    is_private: authority.strictness === 'private-tls' ? '1' : '0',
    issuer_common_name: commonNameOf(issuer),
    pem: certificatePem(certificate.der),
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase()
}

/** `2030-01-01 00:00:00`: these two times alone are written with a blank and without an offset. */
function blankDateTime(at: Instant): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}
