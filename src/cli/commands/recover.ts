import type { Command } from 'commander'
import { confirmRecovery, findRestoredMarks } from '../../core/audit/restored-store.ts'
import { type Options, withInstallation, withStore } from '../command.ts'
import { table } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly confirm?: boolean
}

/** `chancery recover` */
export function recover(parent: Command, services: Services): void {
  const command = parent
    .command('recover')
    .description(
      'after a database was put back from an older copy: show what it lacks, and let it sign again',
    )
    .option('--confirm', 'the database is the right one: go on signing')
  withStore(command, services).action((options: Given) =>
    withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const confirmed = options.confirm === true
      const found = confirmed
        ? await confirmRecovery(engine, caller)
        : await findRestoredMarks(engine.store, engine.highWater)
      const rows = found.map(({ mark, marked, found: present }) => [mark, String(marked), String(present)])
      const text =
        found.length === 0 ? 'nothing is missing' : table(['MARK', 'PUBLISHED', 'IN THE DATABASE'], rows)
      output.result({ confirmed: confirmed && found.length > 0, findings: found }, text)
      if (found.length === 0) return
      output.note(
        confirmed
          ? '\nConfirmed: running servers sign again within a second.'
          : '\nCertificates and revocations made after that copy are unknown to it. Look for a newer copy first;\nwithout one, run this again with --confirm.',
      )
    }),
  )
}
