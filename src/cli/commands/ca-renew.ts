import type { Command } from 'commander'
import { renewAuthority } from '../../core/authorities/renew-authority.ts'
import type { AuthorityId } from '../../core/brand.ts'
import { Fault } from '../../core/faults.ts'
import { authorityView } from '../authority-view.ts'
import { type Options, parseAuthorityId, parseCount, withInstallation, withStore } from '../command.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly newKey?: boolean
  readonly days?: number
}

/** `chancery ca renew` */
export function authorityRenew(parent: Command, services: Services): void {
  const command = parent
    .command('renew')
    .description('a new certificate for a CA, or with --new-key a new CA of the same name beside it')
    .argument('<ca>', 'its number', parseAuthorityId)
    .option('--new-key', 'make a new key; the old CA goes on answering for what it signed')
    .option('--days <NUMBER>', 'how long the new certificate is valid', parseCount(36_500))
  withStore(command, services).action((id: AuthorityId, options: Given) =>
    withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const present = await engine.store.read((view) => view.authorities.byId(id))
      if (present === undefined) throw new Fault('authority_unknown', {})
      const wish = {
        newKey: options.newKey === true,
        ...(options.days === undefined ? {} : { lifetimeDays: options.days }),
      }
      const renewed = await renewAuthority(engine, present.accountId, id, wish, caller)
      const { value, text } = authorityView(renewed)
      output.result(value, text)
    }),
  )
}
