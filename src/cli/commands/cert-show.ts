import type { Command } from 'commander'
import { authorityChain } from '../../core/authorities/authority-chain.ts'
import type { CertificateId } from '../../core/brand.ts'
import { certificateDerOf } from '../../core/certificates/certificate-of.ts'
import { standingOf } from '../../core/certificates/standing.ts'
import type { Engine } from '../../core/engine.ts'
import { Fault } from '../../core/faults.ts'
import { parseCertificate } from '../../pki/certificate.ts'
import { formatName } from '../../pki/names.ts'
import { pemEncode } from '../../pki/pem.ts'
import {
  type CertificateArgument,
  certificateArgumentHelp,
  certificateIdOf,
  parseCertificateArgument,
} from '../certificate-argument.ts'
import { type Options, withInstallation, withStore } from '../command.ts'
import { facts, hex, instant } from '../output.ts'
import type { Services } from '../services.ts'

/** `chancery cert show` */
export function certificateShow(parent: Command, services: Services): void {
  const command = parent
    .command('show')
    .description('one certificate of any account, with its PEM')
    .argument('<certificate>', certificateArgumentHelp, parseCertificateArgument)
  withStore(command, services).action((argument: CertificateArgument, options: Options) =>
    withInstallation(services, options, false, async ({ engine, output }) => {
      const { record, authority, status } = await load(engine, await certificateIdOf(engine, argument))
      const der = certificateDerOf(record, authority)
      const certificate = parseCertificate(der)
      const chain = await authorityChain(engine, authority.id)
      const pem = (bytes: Uint8Array) => pemEncode('CERTIFICATE', bytes)
      const shown = {
        certificate_id: record.id,
        account_id: record.accountId,
        ca_id: record.authorityId,
        status: standingOf(record, status, engine.clock.now()),
        subject: formatName(certificate.subject),
        issuer: formatName(certificate.issuer),
        serial_number: hex(record.serialNumber),
        not_before: instant(record.notBefore),
        not_after: instant(record.notAfter),
        profile: record.profile,
        superseded_by: record.supersededBy,
        revoked: status?.status === 'revoked' ? { at: instant(status.at), reason: status.reason } : null,
        pem: pem(der),
        chain: chain.map((issuer) => pem(issuer.certificateDer)),
      }
      output.result(
        shown,
        `${facts([
          ['certificate', shown.certificate_id],
          ['account', shown.account_id],
          ['CA', shown.ca_id],
          ['status', shown.status],
          ['subject', shown.subject],
          ['issuer', shown.issuer],
          ['serial number', shown.serial_number],
          ['not before', shown.not_before],
          ['not after', shown.not_after],
          ['profile', shown.profile],
          ['superseded by', shown.superseded_by],
          ['revoked', shown.revoked === null ? null : `${shown.revoked.at}, reason ${shown.revoked.reason}`],
        ])}\n\n${shown.pem.trimEnd()}`,
      )
    }),
  )
}

async function load(engine: Engine, id: CertificateId) {
  const found = await engine.store.read(function* (view) {
    const record = yield* view.certificates.anyById(id)
    const authority = record === undefined ? undefined : yield* view.authorities.byId(record.authorityId)
    return { record, authority, status: yield* view.status.of(id) }
  })
  const { record, authority, status } = found
  if (record === undefined) throw new Fault('certificate_unknown', {})
  if (record.signature === null) throw new Fault('certificate_not_issued', { state: record.state })
  if (authority === undefined) throw new Fault('authority_unusable', {})
  return { record: { ...record, signature: record.signature }, authority, status }
}
