import { type Command, Option } from 'commander'
import type { RevocationReason } from '../../core/certificates/certificate.ts'
import { changeStatus, type StatusChange } from '../../core/certificates/change-status.ts'
import {
  type CertificateArgument,
  certificateArgumentHelp,
  certificateIdOf,
  parseCertificateArgument,
} from '../certificate-argument.ts'
import { type Options, withInstallation, withStore } from '../command.ts'
import { UsageError } from '../command-error.ts'
import type { Services } from '../services.ts'

/** RFC 5280 section 5.3.1, as far as leaves may carry them. */
const reasons: Readonly<Record<string, RevocationReason>> = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  privilegeWithdrawn: 9,
}

interface Given extends Options {
  readonly reason?: string
  readonly hold?: boolean
  readonly lift?: boolean
}

/** `chancery cert revoke` */
export function certificateRevoke(parent: Command, services: Services): void {
  const command = parent
    .command('revoke')
    .description('revoke a certificate of any account; OCSP says so at once, the next CRL lists it')
    .argument('<certificate>', certificateArgumentHelp, parseCertificateArgument)
    .addOption(new Option('--reason <REASON>', 'written into CRL and OCSP').choices(Object.keys(reasons)))
    .option('--hold', 'put it on hold instead, where the CA has hold')
    .option('--lift', 'lift a hold')
  withStore(command, services).action((argument: CertificateArgument, options: Given) => {
    const wish = wishOf(options)
    return withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const id = await certificateIdOf(engine, argument)
      const change: StatusChange = { accountId: null, certificateId: id, ...wish }
      await changeStatus(engine, change, caller)
      output.result({ certificate_id: id, status: change.to }, `certificate ${id} is ${change.to}`)
    })
  })
}

function wishOf({ reason, hold, lift }: Given): Pick<StatusChange, 'to' | 'reason'> {
  if ([reason !== undefined, hold === true, lift === true].filter(Boolean).length > 1) {
    throw new UsageError('--reason, --hold and --lift exclude each other')
  }
  const to = hold === true ? 'hold' : lift === true ? 'good' : 'revoked'
  return { to, ...(reason === undefined ? {} : { reason: reasons[reason] ?? 0 }) }
}
