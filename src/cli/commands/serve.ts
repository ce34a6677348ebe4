import type { Command } from 'commander'
import { type Options, settingFlags, withSettings } from '../command.ts'
import type { Services } from '../services.ts'

/** `chancery serve` */
export function serve(parent: Command, services: Services, ended: (status: number) => void): void {
  const command = parent
    .command('serve')
    .description('run in the foreground; the first start makes data folder, keys, CAs and a first account')
    .addHelpText(
      'after',
      '\nStandard output has the log, one JSON object a line; "ready" is the line that says that requests are\nanswered. SIGTERM stops after the requests in flight, a second one at once.',
    )
  withSettings(command, services.serveOptions).action(async (options: Options) => {
    ended(await services.serve(settingFlags(options, services.serveOptions)))
  })
}
