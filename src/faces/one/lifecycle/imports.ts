import { Fault, isFault } from '../../../core/faults.ts'
import { type RevocationReasonName, revocationReasons } from '../../../core/lifecycle/change-certificate.ts'
import { type CertificateImport, importCertificate } from '../../../core/lifecycle/import-certificate.ts'
import { openPkcs12 } from '../../../core/lifecycle/open-pkcs12.ts'
import { isPkiError } from '../../../pki/errors.ts'
import { decodeBase64, pemBlocks } from '../../../pki/pem.ts'
import { isMembers } from '../../json-values.ts'
import type { Call } from '../call.ts'
import { wireError } from '../error-answer.ts'
import { answerToError } from '../errors.ts'
import { uuidOf } from '../ids.ts'
import { Reader } from '../reader.ts'
import { Refusal, refuse, refuseMember } from '../refusal.ts'
import { ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
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
      const sealed = entries.filter(isPkcs12)
      if (entries.length > mostAtOnce || sealed.length > mostPkcs12AtOnce) throw refuse('body_too_large')
      const results: Awaited<ReturnType<typeof imported>>[] = []
      // One after the other: each entry stands for itself, and what is wrong with it is told beside it.
      for (const entry of entries) results.push(await imported(call, entry))
      return ok(results)
    },
  }),
] as const

/** Before anything of an entry was read: its members may be of any type. */
function isPkcs12(entry: unknown): boolean {
  return isMembers(entry) && typeof entry.cert_type === 'string' && /^pkcs12$/i.test(entry.cert_type)
}

async function imported(call: Call, entry: unknown) {
  const { engine, member, caller, language } = call
  try {
    const { file, ...request } = readEntry(entry, engine.clock.now())
    const item = await withFile(file, (opened) =>
      importCertificate(engine, member, { ...request, ...opened }, caller),
    )
    return {
      import_status: 'SUCCESS',
      id: uuidOf('certificate', item.id),
      serial_number: item.serialNumber,
      thumbprint: item.thumbprint,
      common_name: item.commonName,
    } as const
  } catch (error) {
    if (!(error instanceof Refusal) && !isFault(error)) throw error
    const told = answerToError(error, language)
    if (told.status >= 500) throw error
    const [first] = told.complaints
    return { import_status: 'FAILED', errors: [wireError(first, 'mpki', language)] } as const
  }
}

function readEntry(entry: unknown, now: number) {
  if (!isMembers(entry)) throw refuse('body_unreadable')
  const body = new Reader(entry)
  const type = body.requiredChoice('cert_type', ['x509', 'pkcs12'])
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
  readonly type: 'x509' | 'pkcs12'
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
