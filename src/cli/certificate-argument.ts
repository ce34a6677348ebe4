import { readFileSync } from 'node:fs'
import type { AuthorityId, CertificateId } from '../core/brand.ts'
import type { Engine } from '../core/engine.ts'
import { Fault } from '../core/faults.ts'
import { type Certificate, parseCertificate } from '../pki/certificate.ts'
import { pemBlocks } from '../pki/pem.ts'
import { parseCertificateId } from './command.ts'
import { CommandError } from './command-error.ts'

/** What a command calls a certificate by: its number, or the path of its PEM file. */
export type CertificateArgument = CertificateId | string

export const certificateArgumentHelp = 'its number, or its PEM file'

const largestFile = 1_048_576
const authoritiesAPage = 100

/** Parser for the argument: digits alone are a number. @throws InvalidArgumentError */
export function parseCertificateArgument(text: string): CertificateArgument {
  return /^[0-9]+$/.test(text) ? parseCertificateId(text) : text
}

/**
 * The number of the certificate that was named. Of a file with several the first counts, which is the leaf of a chain.
 *
 * @throws CommandError a file that cannot be read or holds no certificate; Fault certificate_unknown
 */
export async function certificateIdOf(engine: Engine, argument: CertificateArgument): Promise<CertificateId> {
  if (typeof argument !== 'string') return argument
  const { issuerDer, serialNumber } = readCertificate(argument)
  const id = await engine.store.read(function* (view) {
    for (let after: AuthorityId | 0 = 0; ; ) {
      const page: readonly { readonly id: AuthorityId; readonly subjectDer: Uint8Array }[] =
        yield* view.authorities.page(after, authoritiesAPage)
      for (const authority of page) {
        // Renewal with a new key makes CAs of one name.
        if (Buffer.compare(authority.subjectDer, issuerDer) !== 0) continue
        const record = yield* view.certificates.bySerialNumber(authority.id, serialNumber)
        if (record !== undefined) return record.id
      }
      const last = page.at(-1)
      if (last === undefined || page.length < authoritiesAPage) return undefined
      after = last.id
    }
  })
  if (id === undefined) throw new Fault('certificate_unknown', {})
  return id
}

function readCertificate(path: string): Certificate {
  const content = contentOf(path)
  try {
    const block = pemBlocks(content).find(({ label }) => label === 'CERTIFICATE')
    if (block !== undefined) return parseCertificate(block.der)
  } catch (cause) {
    throw new CommandError(`${path} holds no certificate that can be read`, { cause })
  }
  throw new CommandError(`${path} holds no certificate in PEM`)
}

function contentOf(path: string): string {
  try {
    const content = readFileSync(path)
    if (content.length <= largestFile) return content.toString('latin1')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    throw new CommandError(
      `${path} is neither the number of a certificate nor a file that can be read (${code})`,
      {
        cause,
      },
    )
  }
  throw new CommandError(`${path} is too large for a certificate`)
}
