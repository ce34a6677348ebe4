import type { Command } from 'commander'
import { unacceptedMarks } from '../../core/audit/restored-store.ts'
import { verifyAudit } from '../../core/audit/verify.ts'
import { type Options, withInstallation, withStore } from '../command.ts'
import { CommandError } from '../command-error.ts'
import type { Services } from '../services.ts'

/** `chancery audit verify` */
export function auditVerify(parent: Command, services: Services): void {
  const command = parent
    .command('verify')
    .description('walk every chain of the audit log and name the first link that does not hold')
  withStore(command, services).action((options: Options) =>
    withInstallation(services, options, false, async ({ engine, output }) => {
      const marks = await unacceptedMarks(engine.store, engine.highWater)
      const { chains, events, firstBroken } = await verifyAudit(engine.store, marks)
      const counts = `${events} events in ${chains} chains`
      output.result(
        { intact: firstBroken === undefined, chains, events, first_broken: firstBroken ?? null },
        firstBroken === undefined ? `${counts}: every link holds` : counts,
      )
      if (firstBroken === undefined) return
      const { chain, sequence, defect } = firstBroken
      throw new CommandError(
        `the audit log was tampered with: event ${sequence} of chain ${chain} was ${defect}; compare with a backup`,
      )
    }),
  )
}
