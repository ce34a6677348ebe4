import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { checkAnyDomain } from '../../core/domains/check-domain-control.ts'
import { vouchForDomain } from '../../core/domains/vouch-domain.ts'
import { type Options, objectNumber, withInstallation, withSettings, withStore } from '../command.ts'
import { facts, instant } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly check?: boolean
}

/** `chancery domain validate` */
export function domainValidate(parent: Command, services: Services): void {
  const command = parent
    .command('validate')
    .description('say that the account controls a domain, validated by hand; orders that waited go on')
    .argument('<domain>', 'its number', objectNumber)
    .option('--check', "look for the domain's random value now, by its method, in place of saying so")
  withSettings(withStore(command, services), services.outsideOptions)
  const known = [...services.storeOptions, ...services.outsideOptions]
  command.action((id: number, options: Given) =>
    withInstallation(
      services,
      options,
      false,
      async ({ engine, caller, output }) => {
        const { accountId, name, evidence } =
          options.check === true
            ? await checkAnyDomain(engine, id, caller, (milliseconds) => pause(milliseconds))
            : await vouchForDomain(engine, id, caller)
        const [method, at] = [evidence?.method ?? 'none', instant(evidence?.at ?? 0)]
        output.result(
          { domain_id: id, account_id: accountId, name, method, validated_at: at },
          facts([
            ['domain', `${id} ${name}`],
            ['account', accountId],
            ['proven by', method],
            ['at', at],
          ]),
        )
      },
      known,
    ),
  )
}
