import { issued, openShop, order, privateOrder, type Shop, zone } from './fixtures.ts'
import type { Rows } from './rows.ts'
import { type Client, idOf, type World } from './world.ts'

/** What products and accounts allow. */
export async function provokeProducts(world: World, shop: Shop, rows: Rows): Promise<void> {
  const { client, organization } = shop
  const privately = (parts: Record<string, unknown> = {}) =>
    order(client, 'private_ssl_plus', { organization, certificate: { common_name: 'p.internal' }, ...parts })
  const publicly = (certificate: Record<string, unknown>, product = 'ssl_basic') =>
    order(client, product, { organization, certificate })

  await rows.add(
    'ambiguous_product',
    'POST /order/certificate/ssl, hint `ov`, for a wildcard and a name outside it, where flexible products are off',
    withPolicy(client, { disabled_products: flexible }, { disabled_products: [] }, () =>
      order(client, 'ssl', {
        organization,
        certificate: { common_name: `*.${zone}`, dns_names: ['other-shop.dev'] },
        product: { type_hint: 'ov' },
      }),
    ),
  )
  await rows.add(
    'product_not_allowed',
    'a product that the account switched off',
    withPolicy(client, { disabled_products: ['private_ssl_plus'] }, { disabled_products: [] }, privately),
  )
  await rows.add(
    'product_name_limit_exceeded',
    'two names for a product of one',
    publicly({ common_name: `a.${zone}`, dns_names: [`b.${zone}`] }, 'ssl_plus'),
  )
  await rows.add(
    'other_domain_on_wildcard',
    'a wildcard product with a name outside the wildcard',
    publicly({ common_name: `*.${zone}`, dns_names: ['other-shop.dev'] }, 'ssl_wildcard'),
  )
  await rows.add(
    'internal_names_not_allowed',
    'a public product for `server.internal`',
    publicly({ common_name: 'server.internal' }),
  )
  await rows.add(
    'csr_not_allowed',
    'a document signing certificate on a shipped token, with a CSR',
    order(client, 'document_signing_org_1', { organization, certificate: { common_name: 'Ada Moser' } }),
  )
  await rows.add('invalid_ca_cert_id', 'a CA that does not exist', privatelyFrom('00FF00FF00FF00FF'))
  await provokeAuthorities(shop, rows)
  await rows.add(
    'custom_expiration_not_allowed',
    'an order to a day, where the account has years alone',
    withPolicy(client, { custom_expiration_dates: false }, { custom_expiration_dates: true }, () =>
      privately({ order_validity: undefined, custom_expiration_date: dayIn(100) }),
    ),
  )
  await rows.add(
    'cert_validity_exceeds_order_validity',
    'a certificate of 90 days in an order of 30',
    order(client, 'private_ssl_plus', {
      organization,
      certificate: { common_name: 'long.internal', cert_validity: { days: 90 } },
      order_validity: { days: 30 },
    }),
  )
  await provokeTransparency(shop, rows)
  await provokePayment(world, shop, rows)
  await provokeCustomFields(shop, rows)
  await provokeRenewal(shop, rows)

  function privatelyFrom(authority: string) {
    const certificate = { common_name: 'p.internal', ca_cert_id: authority }
    return order(client, 'private_ssl_plus', { organization, certificate })
  }
}

const flexible = [
  'ssl_basic',
  'ssl_cloud_wildcard',
  'ssl_securesite_flex',
  'ssl_securesite_pro',
  'ssl_geotrust_truebizid',
]

/** Does something while the account has another policy. */
async function withPolicy<Result>(
  client: Client,
  during: Record<string, unknown>,
  after: Record<string, unknown>,
  act: () => Promise<Result>,
): Promise<Result> {
  await client.good('PUT', '/account', during)
  try {
    return await act()
  } finally {
    await client.good('PUT', '/account', after)
  }
}

async function provokeAuthorities({ client, organization }: Shop, rows: Rows): Promise<void> {
  const attempt = () =>
    order(client, 'private_ssl_plus', { organization, certificate: { common_name: 'p.internal' } })
  await rows.add(
    'no_private_ca_enabled',
    'a private product, where the account switched its CA off',
    withPolicy(client, { private_ca_enabled: false }, { private_ca_enabled: true }, attempt),
  )
  await rows.add(
    'missing_ca_cert_id',
    'a private product whose default CA was cleared',
    withPolicy(client, { private_ca_default: false }, { private_ca_default: true }, attempt),
  )
}

async function provokeTransparency(shop: Shop, rows: Rows): Promise<void> {
  const { client, organization } = shop
  const { id } = await issued(client, 'ssl_basic', {
    organization,
    certificate: { common_name: `ct.${zone}` },
  })
  const off = () => client.call('PUT', `/order/certificate/${id}/ct-status`, { disable_ct: true })
  await rows.add(
    'cert_transparency_turned_off_for_account',
    'PUT /order/certificate/{id}/ct-status, where the account turned CT off',
    withPolicy(client, { cert_transparency: 'off' }, { cert_transparency: 'embed' }, off),
  )
  await rows.add(
    'ct_logging_disabled',
    'an order with `disable_ct`, where the account turned CT off',
    withPolicy(client, { cert_transparency: 'off' }, { cert_transparency: 'embed' }, () =>
      order(client, 'ssl_basic', {
        organization,
        certificate: { common_name: `ct.${zone}` },
        disable_ct: true,
      }),
    ),
  )
  await rows.add(
    'not_allowed_to_change_ct_setting_per_order',
    'an order with `disable_ct`, where the account does not let orders choose',
    withPolicy(client, { ct_choice_per_order: false }, { ct_choice_per_order: true }, () =>
      order(client, 'ssl_basic', {
        organization,
        certificate: { common_name: `ct.${zone}` },
        disable_ct: true,
      }),
    ),
  )
}

async function provokePayment(world: World, shop: Shop, rows: Rows): Promise<void> {
  const { client, organization } = shop
  await rows.add(
    'invalid_payment_method',
    'an order by `wire_transfer`, which the account has not enabled',
    order(client, 'private_ssl_plus', {
      organization,
      certificate: { common_name: 'p.internal' },
      payment_method: 'wire_transfer',
    }),
  )
  const poor = await openShop(world, world.tenants.poor, 'poor-shop.dev')
  await world.command(
    ...['account', 'set', String(poor.client.account), 'price.private_ssl_plus=200', 'payment.credit=0'],
  )
  await rows.add(
    'insufficient_funds',
    'an order for 200 with a balance of 0 and no credit',
    order(poor.client, 'private_ssl_plus', {
      organization: poor.organization,
      certificate: { common_name: 'p.internal' },
    }),
  )
}

async function provokeCustomFields({ client, organization }: Shop, rows: Rows): Promise<void> {
  const field = idOf(
    await client.good('POST', '/account/metadata', {
      label: 'Cost centre',
      is_required: true,
      is_active: true,
      data_type: 'int',
    }),
  )
  const attempt = (parts: Record<string, unknown>) =>
    order(client, 'private_ssl_plus', { organization, certificate: { common_name: 'f.internal' }, ...parts })
  await rows.add(
    'missing_required_custom_field',
    'an order without the value of a required custom field',
    attempt({}),
  )
  await rows.add(
    'invalid_custom_field_value',
    'an order with a text for a custom field of numbers',
    attempt({ custom_fields: [{ metadata_id: field, value: 'many' }] }),
  )
  await client.good('DELETE', `/account/metadata/${field}`)
}

async function provokeRenewal(shop: Shop, rows: Rows): Promise<void> {
  const { client, organization } = shop
  const renew = (of: number) =>
    order(client, 'private_ssl_plus', {
      organization,
      certificate: { common_name: 'renewed.internal' },
      renewal_of_order_id: of,
    })
  const { id } = await privateOrder(shop, 'renewed.internal')
  await renew(id)
  await rows.add('order_renewed_already', 'the second renewal of one order', renew(id))
  const revoked = await privateOrder(shop, 'gone.internal')
  await client.good('PUT', `/order/certificate/${revoked.id}/revoke`, { skip_approval: true })
  await rows.add('order_not_eligible_for_renewal', 'the renewal of a revoked order', renew(revoked.id))
  const again = client.call('PUT', `/order/certificate/${revoked.id}/revoke`, { skip_approval: true })
  await rows.add('order_already_revoked', 'the second revocation of one order', again)
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}
