import { order, orderBody, provenDomain, type Shop, zone } from './fixtures.ts'
import type { Rows } from './rows.ts'
import { type Client, caaIdentity, idOf, type World } from './world.ts'

/** Domains, proofs of control, CAA, and the organizations that names stand for. */
export async function provokeControl(world: World, shop: Shop, rows: Rows): Promise<void> {
  await provokeProofs(shop, rows)
  await provokeDomains(shop, rows)
  await provokeCaa(world, shop, rows)
  await provokeLocks(shop, rows)
  await provokeAuthKey(shop, rows)
  const { client, organization } = shop
  await rows.add(
    'email_domain_not_validated',
    'an S/MIME order for an address under a domain that was not validated',
    order(client, 'secure_email_organization', {
      organization,
      certificate: { emails: ['ada@unproven-shop.dev'] },
    }),
  )
  await client.good('PUT', `/organization/${organization}/deactivate`)
  await rows.add(
    'inactive_organization',
    'an order for an organization that was deactivated',
    order(client, 'private_ssl_plus', { organization, certificate: { common_name: 'o.internal' } }),
  )
  await client.good('PUT', `/organization/${organization}/activate`)
}

async function provokeProofs({ client }: Shop, rows: Rows): Promise<void> {
  const pending = async (method: string) => {
    const certificate = { common_name: 'unproven-shop.dev' }
    const body = await orderBody({ certificate, dcv_method: method })
    return idOf(await client.good('POST', '/order/certificate/ssl_dv_rapidssl', body))
  }
  const check = (id: number) => client.call('PUT', `/order/certificate/${id}/check-dcv`)
  await rows.add(
    'invalid_dns_txt',
    'PUT check-dcv before the TXT record is there',
    check(await pending('dns-txt-token')),
  )
  await rows.add(
    'invalid_dns_cname',
    'PUT check-dcv before the CNAME record is there',
    check(await pending('dns-cname-token')),
  )
  await rows.add(
    'file_random_value_not_found',
    'PUT check-dcv before the file is there',
    check(await pending('http-token')),
  )
  await rows.add(
    'invalid_dns_method',
    'PUT resend-emails of an order that is proven by DNS',
    client.call('PUT', `/order/certificate/${await pending('dns-txt-token')}/resend-emails`),
  )
}

async function provokeDomains({ client, organization, domain }: Shop, rows: Rows): Promise<void> {
  const attempt = (container?: number) =>
    order(client, 'ssl_basic', {
      organization,
      certificate: { common_name: `www.${zone}` },
      ...(container === undefined ? {} : { container: { id: container } }),
    })
  await client.good('PUT', `/domain/${domain}/deactivate`)
  await rows.add('disabled_domain', 'an order under a domain that was deactivated', attempt())
  await client.good('PUT', `/domain/${domain}/activate`)
  const root = await rootContainer(client)
  const container = idOf(
    await client.good('POST', `/container/${root}/children`, {
      ...{ name: 'Narrow', template_id: 1, allowed_domain_names: ['elsewhere-shop.dev'] },
    }),
  )
  await rows.add(
    'domain_not_allowed',
    'an order in a division that is kept to other domains',
    attempt(container),
  )
  await client.good('PUT', '/account', { protected_domains: [zone] })
  await rows.add('protected_domain', 'an order under a domain on the protected list', attempt())
  await client.good('PUT', '/account', { protected_domains: [] })
}

async function provokeCaa(world: World, { client, organization }: Shop, rows: Rows): Promise<void> {
  const name = 'caa-shop.dev'
  await provenDomain(world, client, organization, name)
  const attempt = () => order(client, 'ssl_basic', { organization, certificate: { common_name: name } })
  const record = {
    type: 'CAA',
    name,
    ttl: 60,
    data: { flags: 0, tag: 'issue', value: 'other-ca.dev' },
  } as const
  world.records.push(record)
  await rows.add(
    'caa_check_failed|<domain>',
    'an order for a name whose CAA records name another CA',
    attempt(),
    `caa_check_failed|${name}`,
  )
  world.records.splice(world.records.indexOf(record), 1)
  await client.good('PUT', '/account', { caa_required: true })
  await rows.add(
    'caa_not_found|<domain>',
    'an order for a name without CAA records, where the account wants one',
    attempt(),
    `caa_not_found|${name}`,
  )
  await client.good('PUT', '/account', { caa_required: false })
  world.records.push({ ...record, data: { ...record.data, value: caaIdentity } })
  const answer = await attempt()
  if (answer.status !== 201) throw new Error(`with our CAA record: ${answer.status} ${answer.text}`)
}

async function provokeLocks({ client, domain }: Shop, rows: Rows): Promise<void> {
  await client.good('PUT', '/account', { domain_locking_enabled: false })
  await rows.add(
    'cannot_activate_domain_lock',
    'PUT /domain/{id}/activate-domain-locking, where the account has no locking',
    client.call('PUT', `/domain/${domain}/activate-domain-locking`),
  )
  await rows.add(
    'cannot_deactivate_domain_lock',
    'PUT /domain/{id}/deactivate-domain-locking, where the account has no locking',
    client.call('PUT', `/domain/${domain}/deactivate-domain-locking`),
  )
  await client.good('PUT', '/account', { domain_locking_enabled: true })
}

async function provokeAuthKey({ client }: Shop, rows: Rows): Promise<void> {
  await client.good('POST', '/account/auth-key')
  await rows.add(
    'auth_key_exists_for_account',
    'POST /account/auth-key, twice',
    client.call('POST', '/account/auth-key'),
  )
}

async function rootContainer(client: Client): Promise<number> {
  return idOf(await client.good('GET', '/account'), 'root_container_id')
}
