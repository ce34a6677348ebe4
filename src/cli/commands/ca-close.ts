import type { Command } from 'commander'
import { closeAuthority } from '../../core/authorities/close-authority.ts'
import type { AuthorityId } from '../../core/brand.ts'
import { authorityView } from '../authority-view.ts'
import { type Options, parseAuthorityId, withInstallation, withStore } from '../command.ts'
import type { Services } from '../services.ts'

/** `chancery ca close` */
export function authorityClose(parent: Command, services: Services): void {
  const command = parent
    .command('close')
    .description('let a CA issue nothing any more, for good; it goes on answering for what it signed')
    .argument('<ca>', 'its number', parseAuthorityId)
  withStore(command, services).action((id: AuthorityId, options: Options) =>
    withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const { value, text } = authorityView(await closeAuthority(engine, id, caller))
      output.result(value, text)
    }),
  )
}
