/** OCSP and CRLs of a test engine as relying parties see them. */
import assert from 'node:assert/strict'
import type { AuthorityRecord } from '../../src/core/authorities/authority.ts'
import type { AuthorityId } from '../../src/core/brand.ts'
import { publishCrl } from '../../src/core/status/publish-crl.ts'
import { parseCertificate, verifyCertificateSignature } from '../../src/pki/certificate.ts'
import { type Crl, parseCrl, verifyCrlSignature } from '../../src/pki/crl.ts'
import { type CertIdHash, encodeCertId } from '../../src/pki/ocsp-cert-id.ts'
import { encodeOcspRequest } from '../../src/pki/ocsp-request.ts'
import {
  type BasicOcspResponse,
  parseOcspResponse,
  verifyOcspSignature,
} from '../../src/pki/ocsp-response-reader.ts'
import { importPublicKey } from '../../src/pki/spki.ts'
import type { TestEngine } from './engine.ts'
import { hex } from './hex.ts'

/** DER of a request about one certificate of a CA. */
export function statusRequest(
  authority: Pick<AuthorityRecord, 'certificateDer'>,
  serialNumber: Uint8Array,
  options: { readonly hash?: CertIdHash; readonly nonce?: Uint8Array } = {},
): Uint8Array {
  const { subjectDer, spki } = parseCertificate(authority.certificateDer)
  const certId = encodeCertId(options.hash ?? 'sha1', { subjectDer, spki }, serialNumber)
  return encodeOcspRequest([certId], options.nonce)
}

/**
 * The answer to a request, signed by the delegate it brings along, whose certificate this CA signed. Fails when the
 * answer is an error.
 */
export function checkedAnswer(answerDer: Uint8Array, authority: AuthorityRecord): BasicOcspResponse {
  const response = parseOcspResponse(answerDer)
  assert.ok(response.responseStatus === 'successful', response.responseStatus)
  const { basic } = response
  const [delegateDer, ...others] = basic.certificates
  assert.ok(delegateDer !== undefined && others.length === 0)
  const delegate = parseCertificate(delegateDer)
  assert.ok(verifyCertificateSignature(delegate, authority.spkiDer), 'signed by the CA')
  assert.ok(verifyOcspSignature(basic, importPublicKey(delegate.spki)), 'signed by the delegate')
  return basic
}

/** What OCSP says of a certificate at this moment: `good`, `unknown`, or `revoked` with its reason. */
export async function ocspStatus(
  engine: TestEngine,
  authority: AuthorityRecord,
  serialNumber: Uint8Array,
): Promise<string> {
  const { der } = await engine.ocsp.answer(statusRequest(authority, serialNumber))
  const [single] = checkedAnswer(der, authority).responses
  assert.ok(single)
  const { certStatus } = single
  return certStatus.status === 'revoked' ? `revoked ${certStatus.reason ?? 'none'}` : certStatus.status
}

/** Publishes the CRLs of a CA, a second after the ones before, and reads one back. */
export async function freshCrl(engine: TestEngine, authority: AuthorityRecord, shard = 0): Promise<Crl> {
  engine.clock.time += 1_000
  assert.equal(await publishCrl(engine, authority.id), true)
  return publishedCrl(engine, authority, shard)
}

/** The CRL that is served, its signature checked under the key of the CA. */
export async function publishedCrl(
  engine: TestEngine,
  authority: Pick<AuthorityRecord, 'spkiDer'> & { readonly id: AuthorityId },
  shard = 0,
): Promise<Crl> {
  const record = await engine.store.read((view) => view.status.latestCrl(authority.id, shard))
  assert.ok(record)
  const crl = parseCrl(record.der)
  assert.equal(crl.crlNumber, BigInt(record.number))
  assert.ok(verifyCrlSignature(crl, authority.spkiDer))
  return crl
}

/** Reasons of the listed certificates by serial number in hexadecimal; 0 where none is written. */
export function entriesOf(crl: Crl): ReadonlyMap<string, number> {
  return new Map(
    [...crl.entries()].map(({ serialNumber, reasonCode }) => [hex(serialNumber), reasonCode ?? 0]),
  )
}
