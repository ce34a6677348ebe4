import { type Command, Option } from 'commander'
import type { CertificateId } from '../../core/brand.ts'
import type { RevocationReason } from '../../core/certificates/certificate.ts'
import { changeStatus, type StatusChange } from '../../core/certificates/change-status.ts'
import type { Engine } from '../../core/engine.ts'
import {
  type CertificateArgument,
  certificateArgumentHelp,
  certificateIdOf,
  parseCertificateArgument,
} from '../certificate-argument.ts'
import { type Options, withInstallation, withStore } from '../command.ts'
import { CommandError, UsageError } from '../command-error.ts'
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
  readonly infrastructure?: boolean
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
    .option('--infrastructure', 'the certificate may be one of a CA, an OCSP signer or our own listener')
  withStore(command, services).action((argument: CertificateArgument, options: Given) => {
    const wish = wishOf(options)
    return withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const id = await certificateIdOf(engine, argument)
      if (options.infrastructure !== true) await refuseInfrastructure(engine, id)
      const change: StatusChange = { accountId: null, certificateId: id, ...wish }
      await changeStatus(engine, change, caller)
      output.result({ certificate_id: id, status: change.to }, `certificate ${id} is ${change.to}`)
    })
  })
}

/** A number that is off by one must not take down a whole CA. */
async function refuseInfrastructure(engine: Engine, id: CertificateId): Promise<void> {
  const record = await engine.store.read((view) => view.certificates.anyById(id))
  if (record?.origin !== 'installation') return
  throw new CommandError(
    `certificate ${id} is "${record.name}" (${record.profile}), which the installation itself uses: ` +
      'add --infrastructure if you mean it',
  )
}

function wishOf({ reason, hold, lift }: Given): Pick<StatusChange, 'to' | 'reason'> {
  if ([reason !== undefined, hold === true, lift === true].filter(Boolean).length > 1) {
    throw new UsageError('--reason, --hold and --lift exclude each other')
  }
  const to = hold === true ? 'hold' : lift === true ? 'good' : 'revoked'
  return { to, ...(reason === undefined ? {} : { reason: reasons[reason] ?? 0 }) }
}
