import type { Command } from 'commander'
import type { AuthorityId } from '../../core/brand.ts'
import { Fault } from '../../core/faults.ts'
import { authorityView } from '../authority-view.ts'
import { type Options, parseAuthorityId, withInstallation, withStore } from '../command.ts'
import { hex, instant, table } from '../output.ts'
import type { Services } from '../services.ts'

/** `chancery ca show` */
export function authorityShow(parent: Command, services: Services): void {
  const command = parent
    .command('show')
    .description('one CA with what it was granted and its certificates, the newest first')
    .argument('<ca>', 'its number', parseAuthorityId)
  withStore(command, services).action((id: AuthorityId, options: Options) =>
    withInstallation(services, options, false, async ({ engine, output }) => {
      const { authority, certificates } = await engine.store.read(function* (view) {
        return {
          authority: yield* view.authorities.byId(id),
          certificates: yield* view.authorities.certificatesOf(id),
        }
      })
      if (authority === undefined || authority.status === 'pending') throw new Fault('authority_unknown', {})
      const { value, text } = authorityView(authority)
      const shown = certificates.map(({ serialNumber, notBefore, notAfter }) => ({
        serial_number: hex(serialNumber),
        not_before: instant(notBefore),
        not_after: instant(notAfter),
      }))
      const rows = shown.map((one) => [one.serial_number, one.not_before, one.not_after])
      const list = table(['CERTIFICATE', 'NOT BEFORE', 'NOT AFTER'], rows)
      output.result({ ...value, certificates: shown }, `${text}\n\n${list}`)
    }),
  )
}
