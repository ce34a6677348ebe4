import type { Command } from 'commander'
import type { AuthorityId } from '../../core/brand.ts'
import { Fault } from '../../core/faults.ts'
import { authorityView } from '../authority-view.ts'
import { type Options, parseAuthorityId, withInstallation, withStore } from '../command.ts'
import type { Services } from '../services.ts'

/** `chancery ca show` */
export function authorityShow(parent: Command, services: Services): void {
  const command = parent
    .command('show')
    .description('one CA with what it was granted and its certificate')
    .argument('<ca>', 'its number', parseAuthorityId)
  withStore(command, services).action((id: AuthorityId, options: Options) =>
    withInstallation(services, options, false, async ({ engine, output }) => {
      const authority = await engine.store.read((view) => view.authorities.byId(id))
      if (authority === undefined || authority.status === 'pending') throw new Fault('authority_unknown', {})
      const { value, text } = authorityView(authority)
      output.result(value, text)
    }),
  )
}
