import { type Command, InvalidArgumentError } from 'commander'
import { acceptClockStep, type ClockStep, findClockStep } from '../../core/clock-step.ts'
import { parseDateTime } from '../../core/days.ts'
import { type Options, withInstallation, withStore } from '../command.ts'
import { CommandError } from '../command-error.ts'
import { facts, instant } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly confirm?: number
}

/** `chancery clock` */
export function clock(parent: Command, services: Services): void {
  const command = parent
    .command('clock')
    .description('after a clock that ran ahead was put right: show what it left, and let it sign again')
    .option(
      '--confirm <TIME>',
      'it is right now, and was ahead before: the present time as another clock tells it, 2026-11-22T10:30Z',
      parseTime,
    )
  withStore(command, services).action((options: Given) =>
    withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const { confirm } = options
      const step =
        confirm === undefined ? await findClockStep(engine) : await acceptClockStep(engine, confirm, caller)
      if (confirm !== undefined && !step.isBehind) {
        throw new CommandError(
          'nothing was signed at a time that this clock has not reached: there is nothing to confirm',
        )
      }
      output.result(...view(step, confirm !== undefined))
      if (!step.isBehind) return
      output.note(confirm === undefined ? unconfirmed : confirmed)
    }),
  )
}

const unconfirmed = `
Nothing is signed until the clock shows that time again. A clock that is behind has to be set right, on every machine;
then it goes on by itself. If it was ahead at the last signature and is right now, run this again with --confirm and
the present time as another clock tells it.`

const confirmed = `
Confirmed: running servers sign again within seconds. They make new CRLs, under higher numbers, and OCSP signers. The
certificates stay as they are: valid from a later time only, and longer than they should be. Revoke and replace them.`

function view({ now, lastSigning, isBehind, ...left }: ClockStep, isConfirmed: boolean): [object, string] {
  const last = lastSigning === 0 ? null : instant(lastSigning)
  const { certificates, crls, responders } = left
  return [
    {
      confirmed: isConfirmed,
      behind: isBehind,
      now: instant(now),
      last_signature: last,
      certificates,
      cas_with_crls: crls,
      ocsp_signers: responders,
    },
    facts([
      ['this clock', instant(now)],
      ['last signature', last],
      ['signing', isBehind && !isConfirmed ? 'stopped: this clock is behind' : 'not stopped by the clock'],
      ['certificates of a later time', certificates],
      ['CAs with such CRLs', crls],
      ['such OCSP signers', responders],
    ]),
  ]
}

/** @throws InvalidArgumentError for what is no time with a zone: whoever means local time would be hours off */
function parseTime(text: string): number {
  const isWritten = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text)
  const time = isWritten ? parseDateTime(text) : undefined
  if (time !== undefined) return time
  throw new InvalidArgumentError('It must be a time with its zone, such as 2026-11-22T10:30Z.')
}
