import { Fault, isFault } from '../../../core/faults.ts'
import { type RevocationReasonName, revocationReasons } from '../../../core/lifecycle/change-certificate.ts'
import { type CertificateImport, importCertificate } from '../../../core/lifecycle/import-certificate.ts'
import type { InventoryCertificate } from '../../../core/lifecycle/inventory.ts'
import { openPkcs12 } from '../../../core/lifecycle/open-pkcs12.ts'
import { parseCertificate } from '../../../pki/certificate.ts'
import { isPkiError } from '../../../pki/errors.ts'
import { formatName } from '../../../pki/names.ts'
import { decodeBase64, pemBlocks } from '../../../pki/pem.ts'
import { isMembers } from '../../json-values.ts'
import type { Call } from '../call.ts'
import { wireError } from '../error-answer.ts'
import { answerToError } from '../errors.ts'
import { Reader } from '../reader.ts'
import { type Complaint, Refusal, refuse, refuseMember } from '../refusal.ts'
import { ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { certificateView, dateTime, type Surroundings, surroundingsOf } from './certificate-view.ts'
import { readTags } from './issue-body.ts'

const mostAtOnce = 100
/** Opening one costs computing time. */
const mostPkcs12AtOnce = 10
const longestCertificate = 100_000
const longestPassword = 256
const reasonNames = Object.keys(revocationReasons) as readonly RevocationReasonName[]

export const importRoutes = [
  defineRoute({
    api: 'mpki',
    method: 'POST',
    path: '/v1/certificate-import',
    access: 'MANAGE_EM_CERTIFICATE',
    tier: 'C',
    body: 'any',
    async handler(call) {
      const { content } = call
      if (content === undefined) throw refuse('body_missing')
      const entries: readonly unknown[] = Array.isArray(content) ? content : [content]
      const sealed = entries.filter((entry) => typeOf(entry) === 'pkcs12')
      if (entries.length > mostAtOnce || sealed.length > mostPkcs12AtOnce) throw refuse('body_too_large')
      const results: Imported[] = []
      // One after the other: each entry stands for itself, and what is wrong with it is told beside it.
      for (const entry of entries) results.push(await imported(call, entry))
      const items = results.flatMap((result) => ('item' in result ? [result.item] : []))
      const around = await surroundingsOf(call, items)
      return ok(results.map((result) => resultView(call, result, around)))
    },
  }),
] as const

const types = ['x509', 'pkcs12'] as const
type CertificateType = (typeof types)[number]

/** Before anything else of an entry was read: its members may be of any type. */
function typeOf(entry: unknown): CertificateType | undefined {
  if (!isMembers(entry) || typeof entry.cert_type !== 'string') return undefined
  const written = entry.cert_type.toLowerCase()
  return types.find((type) => type === written)
}

/** What became of an entry. */
type Imported = { readonly type: CertificateType | undefined } & (
  | { readonly item: InventoryCertificate }
  | { readonly complaint: Complaint }
)

async function imported(call: Call, entry: unknown): Promise<Imported> {
  const { engine, member, caller, language } = call
  const type = typeOf(entry)
  try {
    const { file, ...request } = readEntry(entry, engine.clock.now())
    const item = await withFile(file, (opened) =>
      importCertificate(engine, member, { ...request, ...opened }, caller),
    )
    return { type, item }
  } catch (error) {
    if (!(error instanceof Refusal) && !isFault(error)) throw error
    const told = answerToError(error, language)
    if (told.status >= 500) throw error
    return { type, complaint: told.complaints[0] }
  }
}

function resultView(call: Call, result: Imported, around: Surroundings) {
  if ('complaint' in result) {
    const error = wireError(result.complaint, 'mpki', call.language)
    return {
      import_status: 'FAILED',
      cert_type: result.type,
      error_message: error.message,
      errors: [error],
    } as const
  }
  const { type, item } = result
  const view = certificateView(item, around, call.engine.clock.now())
  return {
    import_status: 'SUCCESS',
    cert_type: type,
    id: view.id,
    serial_number: view.serial_number,
    thumbprint: view.thumbprint,
    common_name: view.common_name,
    issuing_ca: issuerOf(item),
    seat: view.seat === undefined ? undefined : { ...view.seat, type: item.seatType ?? undefined },
    business_unit: view.business_unit,
    cert_status: view.status,
    revocation: revocationView(item),
  } as const
}

/** The name of the issuer in full, as RFC 4514 writes it. */
function issuerOf({ importedDer }: InventoryCertificate): string | undefined {
  if (importedDer === null) return undefined
  return formatName(parseCertificate(Buffer.from(importedDer, 'base64')).issuer)
}

/** As an entry says it; of one that is on hold, too. */
function revocationView({ revocation }: InventoryCertificate) {
  if (revocation === null) return undefined
  return { revoked: true, reason: revocation.reason, revoke_date: dateTime(revocation.at) } as const
}

function readEntry(entry: unknown, now: number) {
  if (!isMembers(entry)) throw refuse('body_unreadable')
  const body = new Reader(entry)
  const type = body.requiredChoice('cert_type', types)
  const password = body.text('password', { longest: longestPassword }) ?? ''
  const businessUnitId = body.requiredId('business_unit_id', 'business-unit')
  const seatId = body.text('seat_id')
  const written = body.requiredText('cert', { longest: longestCertificate, multiline: true })
  const notes = body.text('notes', { longest: 255, multiline: true }) ?? ''
  const tag = body.text('tag_name', { longest: 64 })
  const tags = [...(tag === undefined ? [] : [tag]), ...readTags(body, 'tags')]
  const revocation = body.object('revocation')
  const isRevoked = revocation.flag('revoked') ?? false
  const reason = revocation.choice('reason', reasonNames) ?? 'unspecified'
  const at = revocation.instant('revoke_date') ?? now
  body.check()
  return {
    businessUnitId,
    seatId,
    file: { type, written, password },
    notes,
    tags,
    revocation: isRevoked ? { reason, at, comment: '' } : null,
  }
}

interface EntryFile {
  readonly type: CertificateType
  readonly written: string
  readonly password: string
}

type OpenedFile = Pick<CertificateImport, 'certificateDer' | 'privateKeyDer'>

/** Does something with what the file holds, and zeroes the key. @throws Refusal member_invalid; Fault parameter_invalid */
async function withFile<Result>(
  { type, written, password }: EntryFile,
  act: (opened: OpenedFile) => Promise<Result>,
): Promise<Result> {
  if (type === 'x509') return await act({ certificateDer: certificateOf(written), privateKeyDer: undefined })
  const opened = await openPkcs12(pkcs12Of(written), password)
  try {
    return await act(opened)
  } finally {
    opened.privateKeyDer.fill(0)
  }
}

/** Base64, in lines or not. @throws Refusal member_invalid */
function pkcs12Of(written: string): Uint8Array {
  try {
    return decodeBase64(written)
  } catch (error) {
    if (!isPkiError(error)) throw error
    throw refuseMember('member_invalid', 'cert')
  }
}

/** PEM, or base64 alone. @throws Refusal member_invalid */
function certificateOf(written: string): Uint8Array {
  try {
    if (!written.includes('-----')) return decodeBase64(written)
    const block = pemBlocks(written).find(({ label }) => label === 'CERTIFICATE')
    if (block === undefined)
      throw new Fault('parameter_invalid', { parameter: 'cert', reason: 'no certificate' })
    return block.der
  } catch (error) {
    if (!isPkiError(error)) throw error
    throw refuseMember('member_invalid', 'cert')
  }
}
