import type { Command } from 'commander'
import type { AuthorityRecord } from '../../core/authorities/authority.ts'
import type { AccountId } from '../../core/brand.ts'
import type { Engine } from '../../core/engine.ts'
import { type Options, parseAccountId, withInstallation, withStore } from '../command.ts'
import { instant, table } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly account?: AccountId
}

const pageLength = 500

/** `chancery ca list` */
export function authorityList(parent: Command, services: Services): void {
  const command = parent
    .command('list')
    .description('CAs, by number')
    .option('--account <ID>', 'of this account only', parseAccountId)
  withStore(command, services).action((options: Given) =>
    withInstallation(services, options, false, async ({ engine, output }) => {
      const authorities = await find(engine, options.account)
      const shown = authorities.map((authority) => ({
        ca_id: authority.id,
        account_id: authority.accountId,
        parent_id: authority.parentId,
        name: authority.name,
        role: authority.role,
        origin: authority.origin,
        status: authority.status,
        algorithm: authority.signatureAlgorithm,
        not_after: instant(authority.notAfter),
      }))
      const rows = shown.map((one) => [
        String(one.ca_id),
        String(one.account_id),
        String(one.parent_id ?? '–'),
        one.name,
        one.role,
        one.status,
        one.algorithm,
        one.not_after,
      ])
      const head = ['ID', 'ACCOUNT', 'PARENT', 'NAME', 'ROLE', 'STATUS', 'ALGORITHM', 'NOT AFTER']
      output.result({ cas: shown }, table(head, rows))
    }),
  )
}

async function find(engine: Engine, account: AccountId | undefined): Promise<readonly AuthorityRecord[]> {
  if (account !== undefined) return engine.store.read((view) => view.authorities.ofAccount(account))
  const authorities: AuthorityRecord[] = []
  for (let after = 0; ; ) {
    const page = await engine.store.read((view) => view.authorities.page(after, pageLength))
    authorities.push(...page)
    after = page.at(-1)?.id ?? after
    if (page.length < pageLength) return authorities
  }
}
