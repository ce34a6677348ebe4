import { generatePassphrase } from '../../../core/accounts/passphrase.ts'
import type { AuthorityRecord } from '../../../core/authorities/authority.ts'
import { authorityChain } from '../../../core/authorities/authority-chain.ts'
import type { CertificateRecord } from '../../../core/certificates/certificate.ts'
import { certificateDerOf } from '../../../core/certificates/certificate-of.ts'
import { releasePrivateKey } from '../../../core/certificates/private-key.ts'
import { Fault } from '../../../core/faults.ts'
import type { DeliveryFormat } from '../../../core/lifecycle/certificate-profile.ts'
import type { InventoryCertificate } from '../../../core/lifecycle/inventory.ts'
import { keptKeyOf } from '../../../core/lifecycle/kept-key.ts'
import { certificatesOnly } from '../../../pki/certificates-only.ts'
import { pemEncode } from '../../../pki/pem.ts'
import { encryptPrivateKeyInfo } from '../../../pki/pkcs8.ts'
import type { Call } from '../call.ts'
import type { Reader } from '../reader.ts'

/** How a certificate is wished to be handed over. */
export interface Delivery {
  readonly format: DeliveryFormat
  /** As the caller spelled it. */
  readonly written: string
  readonly withChain: boolean
}

const formats = ['x509', 'pkcs7', 'pkcs12', 'pkcs12_pem'] as const

/** @returns undefined where the profile decides */
export function readDelivery(body: Reader): { readonly written?: string; readonly withChain: boolean } {
  const written = body.text('delivery_format')
  const isKnown = written === undefined || formatOf(written) !== undefined
  if (!isKnown) body.complain('member_invalid', 'delivery_format')
  return { ...(written !== undefined && { written }), withChain: body.flag('include_ca_chain') ?? false }
}

/** What was asked for, or what the profile says. */
export function deliveryOf(
  { written, withChain }: ReturnType<typeof readDelivery>,
  usual: DeliveryFormat,
): Delivery {
  const format = written === undefined ? usual : (formatOf(written) ?? usual)
  return { format, written: written ?? format, withChain }
}

/** One client calls PEM what others call x509. */
function formatOf(written: string): DeliveryFormat | undefined {
  const lower = written.toLowerCase()
  return lower === 'pem' ? 'x509' : formats.find((format) => format === lower)
}

/** A certificate with the CAs above it, nearest first. */
export interface CertificateFiles {
  readonly der: Uint8Array
  readonly record: CertificateRecord | undefined
  readonly authorities: readonly AuthorityRecord[]
}

/** @throws Fault certificate_unknown, authority_unusable */
export async function certificateFiles(
  { engine, account }: Call,
  { certificateId, importedDer }: InventoryCertificate,
): Promise<CertificateFiles> {
  if (certificateId === null) {
    return { der: Buffer.from(importedDer ?? '', 'base64'), record: undefined, authorities: [] }
  }
  const record = await engine.store.read((view) => view.certificates.byId(account.id, certificateId))
  if (record === undefined || record.signature === null) throw new Fault('certificate_unknown', {})
  const authorities = await authorityChain(engine, record.authorityId)
  const [issuer] = authorities
  if (issuer === undefined) throw new Fault('authority_unusable', {})
  return { der: certificateDerOf({ ...record, signature: record.signature }, issuer), record, authorities }
}

/** What an issue answer says; the passwords where a key goes with it. The second spelling is the one of 2022. */
export type Delivered = {
  readonly serial_number: string
  readonly delivery_format: string
  readonly certificate: string
  readonly pkcs12_password?: string
  readonly pkcs12Password?: string
}

/** What an answer says that holds a key. */
export type DeliveredKey = Delivered & { readonly pkcs12_password: string }

/**
 * The certificate as an issue answer has it. With PKCS#12 the key goes with it, under a password made for this answer.
 * @throws Fault recovery_impossible for a key that was not kept here
 */
export async function delivered(
  call: Call,
  item: InventoryCertificate,
  delivery: Delivery & { readonly format: 'pkcs12' | 'pkcs12_pem' },
): Promise<DeliveredKey>
export async function delivered(
  call: Call,
  item: InventoryCertificate,
  delivery: Delivery,
): Promise<Delivered>
export async function delivered(
  call: Call,
  item: InventoryCertificate,
  { format, written, withChain }: Delivery,
): Promise<Delivered> {
  const files = await certificateFiles(call, item)
  const chain = withChain ? files.authorities.map(({ certificateDer }) => certificateDer) : []
  const common = { serial_number: item.serialNumber, delivery_format: written }
  switch (format) {
    case 'x509':
      return { ...common, certificate: pemChain([files.der, ...chain]) }
    case 'pkcs7':
      return { ...common, certificate: pemEncode('PKCS7', certificatesOnly([files.der, ...chain])) }
    case 'pkcs12':
    case 'pkcs12_pem': {
      const { content, password } = await withKey(call, item, files, chain, format)
      return { ...common, certificate: content, pkcs12_password: password, pkcs12Password: password }
    }
  }
}

/** PEM blocks one after the other, the leaf first. */
export function pemChain(chain: readonly Uint8Array[]): string {
  return chain.map((der) => pemEncode('CERTIFICATE', der)).join('')
}

const iterations = 10_000

async function withKey(
  call: Call,
  item: InventoryCertificate,
  { der }: CertificateFiles,
  chainDer: readonly Uint8Array[],
  format: 'pkcs12' | 'pkcs12_pem',
): Promise<{ readonly content: string; readonly password: string }> {
  const { engine, options, caller } = call
  const { accountId, certificateId, id } = item
  const keyId = await engine.store.read((view) => keptKeyOf(view, item))
  const object = certificateId === null ? `inventory-certificate:${id}` : `certificate:${certificateId}`
  const privateKeyDer = await releasePrivateKey(engine, { accountId, keyId, object }, undefined, caller)
  const password = generatePassphrase(engine.random)
  try {
    if (format === 'pkcs12_pem') {
      const salt = engine.random.bytes(16)
      const initializationVector = engine.random.bytes(16)
      const parameters = { salt, initializationVector, iterations }
      const key = await encryptPrivateKeyInfo(privateKeyDer, password, parameters)
      return { content: pemEncode('ENCRYPTED PRIVATE KEY', key) + pemChain([der, ...chainDer]), password }
    }
    const contents = { privateKeyDer, certificateDer: der, chainDer, friendlyName: item.commonName, password }
    const file = await options.pkcs12.build(contents)
    return { content: Buffer.from(file).toString('base64'), password }
  } finally {
    privateKeyDer.fill(0)
  }
}
