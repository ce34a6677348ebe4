import type { Command } from 'commander'
import { rotateMasterKey } from '../../core/keys/rotate-master-key.ts'
import { type Options, withInstallation, withStore } from '../command.ts'
import { facts } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly leaveUnreadable?: boolean
}

/** `chancery master-key rotate` */
export function masterKeyRotate(parent: Command, services: Services): void {
  const command = parent
    .command('rotate')
    .description('exchange the master key; running servers take the new one by themselves')
    .option('--leave-unreadable', 'go on when something does not open under the present key; it is lost then')
  withStore(command, services).action((options: Given) =>
    withInstallation(services, options, false, async ({ engine, sealer, caller, output }) => {
      const done = await rotateMasterKey(engine, sealer, caller, {
        leaveUnreadable: options.leaveUnreadable === true,
      })
      output.result(
        done,
        facts([
          ['from', done.from],
          ['to', done.to],
          ['keys', done.keys],
          ['accounts', done.accounts],
          ['left unreadable', done.unreadable.join(', ') || 'none'],
        ]),
      )
      output.note('\nBackups made before now need the old key: keep it with them.')
    }),
  )
}
