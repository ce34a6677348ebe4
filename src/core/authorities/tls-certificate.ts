import { parseCertificate } from '../../pki/certificate.ts'
import { parseSubjectAltName } from '../../pki/extensions/alternative-names.ts'
import { findExtension } from '../../pki/extensions/extension.ts'
import { parseIpAddress } from '../../pki/ip-addresses.ts'
import { oids } from '../../pki/oids.ts'
import { pemEncode } from '../../pki/pem.ts'
import { systemCaller } from '../audit/caller.ts'
import { authorityId, certificateId } from '../brand.ts'
import { certificateDerOf, type IssuedRecord } from '../certificates/certificate-of.ts'
import { issueCertificate } from '../certificates/issue.ts'
import { nameRequests } from '../certificates/requested-names.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { KeyRecord } from '../keys/key-record.ts'
import type { NameRequest } from '../policy/names/name-request.ts'
import { tlsServer } from '../profiles/tls.ts'
import { TOLERATED_STEP_MS } from '../signing-gate.ts'
import type { AuthorityRecord } from './authority.ts'
import { authorityChain } from './authority-chain.ts'

/** Key and chain of our own TLS listeners. */
export interface TlsCertificate {
  /** PEM, PKCS#8. */
  readonly key: string
  /** PEM, leaf first, without the root. */
  readonly chain: string
  /** PEM of the root clients have to trust. */
  readonly root: string
  readonly notAfter: number
}

const LIFETIME_DAYS = 90
/** Renewed with a third of its life left. */
const RENEWED_BEFORE_MS = 30 * 24 * 3_600_000
const CLAIM = 'tls-certificate'
const CLAIM_MS = 30_000

/**
 * The certificate of our own listeners for these names; issued by the operator's CA when there is none, when it
 * nears its end, lacks a name, or begins later because a clock ran ahead that is right again. With several processes
 * one issues and the others use it.
 *
 * @param names host names and addresses
 * @throws Fault authority_unusable; what issuing raises
 */
export async function ensureTlsCertificate(
  engine: Engine,
  names: readonly string[],
): Promise<TlsCertificate> {
  const present = await presentCertificate(engine)
  if (present !== undefined && suffices(engine, present, names)) return open(engine, present)
  const holder = Buffer.from(engine.random.bytes(8)).toString('hex')
  const now = engine.clock.now()
  const claimed = await engine.store.write((transaction) =>
    transaction.runtime.takeLease(CLAIM, holder, now, now + CLAIM_MS),
  )
  // Another process is issuing: what it makes is used when it is there, what is present until then.
  if (!claimed && present !== undefined) return open(engine, present)
  await issueOwn(engine, names)
  await engine.store.write((transaction) => transaction.runtime.releaseLease(CLAIM, holder))
  const made = await presentCertificate(engine)
  if (made === undefined) throw new Fault('store_failed', {})
  return open(engine, made)
}

interface Present {
  readonly record: IssuedRecord
  readonly authority: AuthorityRecord
  readonly key: KeyRecord
}

async function presentCertificate(engine: Engine): Promise<Present | undefined> {
  return engine.store.read(function* (view) {
    const id = yield* view.runtime.setting('tls-certificate')
    const record = id === undefined ? undefined : yield* view.certificates.anyById(certificateId(Number(id)))
    if (record === undefined || record.signature === null || record.keyId === null) return undefined
    const authority = yield* view.authorities.byId(record.authorityId)
    const key = yield* view.keys.byId(record.keyId)
    if (authority === undefined || key === undefined) return undefined
    return { record: { ...record, signature: record.signature }, authority, key }
  })
}

function suffices(engine: Engine, present: Present, names: readonly string[]): boolean {
  const { notBefore, notAfter } = present.record
  const now = engine.clock.now()
  if (notAfter - now < RENEWED_BEFORE_MS) return false
  // As long as nothing is signed it is the one there is.
  if (notBefore > now + TOLERATED_STEP_MS && engine.signingGate.refusal(now) === undefined) return false
  const { extensions } = parseCertificate(certificateDerOf(present.record, present.authority))
  const extension = findExtension(extensions, oids.subjectAltName)
  if (extension === undefined) return false
  const there = new Set(nameRequests(parseSubjectAltName(extension.value), '').map(({ value }) => value))
  return requests(names).every(({ value }) => there.has(value))
}

async function issueOwn(engine: Engine, names: readonly string[]): Promise<void> {
  const operator = await engine.store.read((view) => view.runtime.setting('operator-authority'))
  if (operator === undefined) throw new Fault('authority_unusable', {})
  const issuer = await engine.directory.issuer(authorityId(Number(operator)))
  const issued = await issueCertificate(
    engine,
    {
      accountId: issuer.authority.accountId,
      authorityId: issuer.authority.id,
      profile: tlsServer.id,
      origin: 'installation',
      key: { from: 'server', kind: 'p-256', purpose: 'tls-server' },
      names: requests(names),
      subject: [],
      lifetimeDays: LIFETIME_DAYS,
    },
    systemCaller,
  )
  await engine.store.write((transaction) =>
    transaction.runtime.setSetting('tls-certificate', String(issued.id)),
  )
}

async function open(engine: Engine, present: Present): Promise<TlsCertificate> {
  const chain = await authorityChain(engine, present.authority.id)
  const root = chain.at(-1)
  if (root === undefined) throw new Fault('authority_unusable', {})
  const pkcs8 = engine.keyService.exportPrivateKey(present.key)
  const pem = (der: Uint8Array) => pemEncode('CERTIFICATE', der)
  const leaf = certificateDerOf(present.record, present.authority)
  const above = chain.filter((authority) => authority.parentId !== null)
  const certificate = {
    key: pemEncode('PRIVATE KEY', pkcs8),
    chain: [leaf, ...above.map((authority) => authority.certificateDer)].map(pem).join(''),
    root: pem(root.certificateDer),
    notAfter: present.record.notAfter,
  }
  pkcs8.fill(0)
  return certificate
}

function requests(names: readonly string[]): NameRequest[] {
  return names.map((value) => ({
    type: parseIpAddress(value) === undefined ? 'dns' : 'ip',
    value,
    parameter: 'tls-name',
  }))
}
