import { type Command, Option } from 'commander'
import { loadAccount } from '../../core/accounts/load-account.ts'
import { createAuthority } from '../../core/authorities/create-authority.ts'
import { privateHierarchyGrants } from '../../core/authorities/grants.ts'
import type { AccountId, AuthorityId } from '../../core/brand.ts'
import { checkSubject } from '../../core/policy/names/subject.ts'
import { intermediateAuthority, issuingAuthority, rootAuthority } from '../../core/profiles/authorities.ts'
import { tlsServer } from '../../core/profiles/tls.ts'
import { type KeyKind, keyKinds } from '../../pki/key-kinds.ts'
import { oids } from '../../pki/oids.ts'
import { authorityView } from '../authority-view.ts'
import {
  type Options,
  operatorAccount,
  parseAccountId,
  parseAuthorityId,
  parseCount,
  withInstallation,
  withStore,
} from '../command.ts'
import { UsageError } from '../command-error.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly account?: AccountId
  readonly parent?: AuthorityId
  readonly intermediate?: boolean
  readonly key: KeyKind
  readonly days?: number
  readonly organization?: string
  readonly country?: string
}

/** `chancery ca create` */
export function authorityCreate(parent: Command, services: Services): void {
  const command = parent
    .command('create')
    .description('make a CA of the private kind: a root, or one below another that issues leaves')
    .argument('<name>', 'its common name')
    .option('--account <ID>', "number of the account; the operator's when absent", parseAccountId)
    .option('--parent <ID>', 'number of the CA above; a root is made when absent', parseAuthorityId)
    .option('--intermediate', 'CAs may stand below it')
    .addOption(new Option('--key <KIND>', 'its key').choices(keyKinds).default('p-256'))
    .option(
      '--days <NUMBER>',
      'how long it is valid, never beyond the CA above; when absent, its usual time or as long as the CA above',
      parseCount(36_500),
    )
    .option('--organization <NAME>', 'organization in its name')
    .option('--country <CODE>', 'country in its name, ISO 3166-1 alpha-2')
  withStore(command, services).action((name: string, options: Given) => {
    if (options.intermediate === true && options.parent === undefined) {
      throw new UsageError('--intermediate needs --parent')
    }
    return withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const accountId = options.account ?? (await operatorAccount(engine))
      const account = await engine.store.read((view) => loadAccount(view, engine.sealer, accountId))
      const created = await createAuthority(
        engine,
        {
          accountId,
          contactEmail: account.email,
          origin: 'operator',
          name,
          subject: checkSubject(subjectOf(name, options), rootAuthority.subjectAttributes),
          keyKind: options.key,
          strictness: 'private-tls',
          grants: { ...privateHierarchyGrants, keyKinds: [options.key] },
          leafProfile: tlsServer.id,
          ...placeOf(options),
          ...(options.days === undefined ? {} : { lifetimeDays: options.days }),
        },
        caller,
      )
      const { value, text } = authorityView(created)
      output.result(value, text)
    })
  })
}

function placeOf({ parent, intermediate }: Given) {
  if (parent === undefined) return { parentId: null, role: 'root', profile: rootAuthority } as const
  const profile = intermediate === true ? intermediateAuthority : issuingAuthority
  return { parentId: parent, role: 'issuing', profile } as const
}

function subjectOf(commonName: string, { organization, country }: Given) {
  return [
    ...(country === undefined ? [] : [{ type: oids.countryName, value: country, parameter: '--country' }]),
    ...(organization === undefined
      ? []
      : [{ type: oids.organizationName, value: organization, parameter: '--organization' }]),
    { type: oids.commonName, value: commonName, parameter: 'name' },
  ]
}
