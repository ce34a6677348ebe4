import type { Command } from 'commander'
import type { AccountId, AuthorityId } from '../../core/brand.ts'
import { standingOf } from '../../core/certificates/standing.ts'
import {
  type Options,
  operatorAccount,
  parseAccountId,
  parseAuthorityId,
  parseCertificateId,
  parseCount,
  withInstallation,
  withStore,
} from '../command.ts'
import { hex, instant, table } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly account?: AccountId
  readonly ca?: AuthorityId
  readonly after?: number
  readonly limit: number
}

/** `chancery cert list` */
export function certificateList(parent: Command, services: Services): void {
  const command = parent
    .command('list')
    .description('certificates of an account, by number')
    .option('--account <ID>', "number of the account; the operator's when absent", parseAccountId)
    .option('--ca <ID>', 'of this CA only', parseAuthorityId)
    .option('--after <ID>', 'those after this one', parseCertificateId)
    .option('--limit <NUMBER>', 'at most so many', parseCount(1000), 100)
  withStore(command, services).action((options: Given) =>
    withInstallation(services, options, false, async ({ engine, output }) => {
      const { ca, after, limit } = options
      const accountId = options.account ?? (await operatorAccount(engine))
      const query = { accountId, after: after ?? 0, limit, ...(ca === undefined ? {} : { authorityId: ca }) }
      const found = await engine.store.read((view) => view.certificates.list(query))
      const now = engine.clock.now()
      const shown = found.map((one) => ({
        certificate_id: one.id,
        ca_id: one.authorityId,
        name: one.name,
        serial_number: hex(one.serialNumber),
        status: standingOf(
          { ...one, supersededAt: null },
          one.status === null ? null : { status: one.status },
          now,
        ),
        not_after: instant(one.notAfter),
      }))
      const rows = shown.map((one) => [
        String(one.certificate_id),
        String(one.ca_id),
        one.name,
        one.status,
        one.not_after,
        one.serial_number,
      ])
      output.result(
        { certificates: shown },
        table(['ID', 'CA', 'NAME', 'STATUS', 'NOT AFTER', 'SERIAL NUMBER'], rows),
      )
      if (found.length === limit) output.note(`\nMore may follow: --after ${found.at(-1)?.id}`)
    }),
  )
}
