import { Fault, isFault } from '../../../core/faults.ts'
import { type RevocationReasonName, revocationReasons } from '../../../core/lifecycle/change-certificate.ts'
import { importCertificate } from '../../../core/lifecycle/import-certificate.ts'
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
const longestCertificate = 100_000
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
      if (entries.length > mostAtOnce) throw refuse('body_too_large')
      const results: Awaited<ReturnType<typeof imported>>[] = []
      // One after the other: each entry stands for itself, and what is wrong with it is told beside it.
      for (const entry of entries) results.push(await imported(call, entry))
      return ok(results)
    },
  }),
] as const

async function imported(call: Call, entry: unknown) {
  const { engine, member, caller, language } = call
  try {
    const request = readEntry(entry, engine.clock.now())
    const item = await importCertificate(engine, member, request, caller)
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
  // A PKCS#12 file holds a key, which would have to be kept to be of use.
  const type = body.requiredChoice('cert_type', ['x509', 'pkcs12'])
  if (type === 'pkcs12') body.complain('member_not_served', 'cert_type')
  const businessUnitId = body.requiredId('business_unit_id', 'business-unit')
  const seatId = body.requiredText('seat_id')
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
    certificateDer: certificateOf(written),
    notes,
    tags,
    revocation: isRevoked ? { reason, at, comment: '' } : null,
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
