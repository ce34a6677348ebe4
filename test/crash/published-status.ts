import assert from 'node:assert/strict'
import { verifySignature } from '../../src/pki/algorithms.ts'
import { parseCrl } from '../../src/pki/crl.ts'
import { encodeCertId } from '../../src/pki/ocsp-cert-id.ts'
import { encodeOcspRequest } from '../../src/pki/ocsp-request.ts'
import { parseOcspResponse } from '../../src/pki/ocsp-response-reader.ts'
import { parseSubjectPublicKeyInfo } from '../../src/pki/spki.ts'
import type { CrashSite, SiteEngine } from './engine.ts'

/** A CRL as a relying party reads it. */
export interface PublishedCrl {
  readonly number: number
  readonly thisUpdate: number
  /** Serial numbers, lower-case hex. */
  readonly listed: ReadonlySet<string>
}

/** The present CRL; fails when it is not whole or not signed by the CA. Undefined while there is none. */
export async function publishedCrl(engine: SiteEngine, site: CrashSite): Promise<PublishedCrl | undefined> {
  const record = await engine.store.read((view) => view.status.latestCrl(site.authorityId, 0))
  if (record === undefined) return undefined
  const { authority } = await engine.directory.issuer(site.authorityId)
  const crl = parseCrl(record.der)
  assert.ok(verifySignature(authority.signatureAlgorithm, authority.spkiDer, crl.tbsDer, crl.signature))
  assert.equal(crl.crlNumber, BigInt(record.number))
  assert.equal(crl.thisUpdate, record.thisUpdate)
  const listed = new Set<string>()
  for (const { serialNumber } of crl.entries()) listed.add(Buffer.from(serialNumber).toString('hex'))
  assert.equal(listed.size, crl.entryCount, 'no certificate is listed twice')
  return { number: record.number, thisUpdate: record.thisUpdate, listed }
}

/** What OCSP says of serial numbers (lower-case hex) of a site's CA, read from its answers. */
export async function ocspStatuses(
  engine: SiteEngine,
  site: CrashSite,
  serialNumbers: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const { authority } = await engine.directory.issuer(site.authorityId)
  const issuer = {
    subjectDer: authority.subjectDer,
    spki: parseSubjectPublicKeyInfo(authority.spkiDer),
  }
  const statuses = new Map<string, string>()
  for (const serialNumber of serialNumbers) {
    const certId = encodeCertId('sha1', issuer, Buffer.from(serialNumber, 'hex'))
    const { der } = await engine.ocsp.answer(encodeOcspRequest([certId]))
    const response = parseOcspResponse(der)
    statuses.set(
      serialNumber,
      response.responseStatus === 'successful'
        ? (response.basic.responses[0]?.certStatus.status ?? 'none')
        : response.responseStatus,
    )
  }
  return statuses
}
