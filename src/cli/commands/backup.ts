import type { Command } from 'commander'
import { type Options, operator, outputFor, settingFlags, withStore } from '../command.ts'
import type { Services } from '../services.ts'

/** `chancery backup` */
export function backup(parent: Command, services: Services): void {
  const command = parent
    .command('backup')
    .description(
      'write a consistent copy of the store, sealed under the master key, while servers run; the key itself is not in it',
    )
    .argument('<file>', 'a new file')
  withStore(command, services).action(async (file: string, options: Options) => {
    const output = outputFor(options)
    const size = await services.backup(settingFlags(options, services.storeOptions), file, operator())
    output.result({ file, size }, `${file}, ${size} bytes`)
    output.note('\nKeep a copy of the master key elsewhere: without it the backup is of no use.')
  })
}
