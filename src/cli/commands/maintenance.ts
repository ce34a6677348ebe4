import { type Command, InvalidArgumentError } from 'commander'
import { readDuration } from '../../core/duration-text.ts'
import {
  beginMaintenance,
  endMaintenance,
  LONGEST_MAINTENANCE_MS,
  type Maintenance,
  presentMaintenance,
} from '../../core/limits/maintenance.ts'
import { type Options, withInstallation, withStore } from '../command.ts'
import { facts, instant } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly for: number
  readonly message?: string
}

/** `chancery maintenance on|off|status` */
export function maintenance(parent: Command, services: Services): void {
  const command = parent
    .command('maintenance')
    .description(
      'close the APIs for a while: they answer 503 with Retry-After; status, CRLs and health go on',
    )
  const on = command
    .command('on')
    .description('close them, within a second on every running server, until the time is over')
    .requiredOption('--for <DURATION>', 'for how long: 90s, 10m, 2h', parsePeriod)
    .option(
      '--message <TEXT>',
      'what callers are told about it: it is shown in every 503, one line of at most 200 characters',
    )
  withStore(on, services).action((options: Given) =>
    withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const wish = { forMs: options.for, message: options.message ?? null }
      const begun = await beginMaintenance(engine, wish, caller)
      output.result(...view(begun))
    }),
  )
  const off = command.command('off').description('open them again')
  withStore(off, services).action((options: Options) =>
    withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const ended = await endMaintenance(engine, caller)
      const text = ended === undefined ? 'the APIs were open' : 'the APIs are open again'
      output.result({ maintenance: false, was_under_way: ended !== undefined }, text)
    }),
  )
  const status = command.command('status').description('whether they are closed, and until when')
  withStore(status, services).action((options: Options) =>
    withInstallation(services, options, false, async ({ engine, output }) => {
      const now = engine.clock.now()
      output.result(...view(await engine.store.read((each) => presentMaintenance(each, now))))
    }),
  )
}

function view(present: Maintenance | undefined): [object, string] {
  if (present === undefined) return [{ maintenance: false }, 'the APIs are open']
  const { since, until, message } = present
  return [
    { maintenance: true, since: instant(since), until: instant(until), message },
    facts([
      ['closed since', instant(since)],
      ['until', instant(until)],
      ['message', message],
    ]),
  ]
}

/** @throws InvalidArgumentError */
function parsePeriod(text: string): number {
  const milliseconds = readDuration(text)
  if (milliseconds >= 1_000 && milliseconds <= LONGEST_MAINTENANCE_MS) return milliseconds
  throw new InvalidArgumentError('It must be a time from 1s to 7d, such as 10m.')
}
