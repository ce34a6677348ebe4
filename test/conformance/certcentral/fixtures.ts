import type { HttpAnswer } from '../../support/http.ts'
import { type Client, idOf, type Members, newCsr, textOf, type World } from './world.ts'

/** Public suffix and label of the domains that conditions use; no name of it is asked of the real DNS. */
export const zone = 'chancery-shop.dev'

export interface Shop {
  readonly client: Client
  readonly organization: number
  readonly domain: number
}

export const organizationBody: Members = {
  name: 'Example Shop Ltd',
  address: 'Hauptplatz 1',
  zip: '8010',
  city: 'Graz',
  state: 'Styria',
  country: 'at',
  telephone: '+43 1 5550100',
  organization_contact: {
    first_name: 'Ada',
    last_name: 'Moser',
    email: 'ada@example.test',
    telephone: '+43 1 5550100',
  },
}

/** An organization that its operator validated, and a domain of it whose control was proven by DNS. */
export async function openShop(world: World, client: Client, name = zone): Promise<Shop> {
  const organization = idOf(await client.good('POST', '/organization', organizationBody))
  await world.command('organization', 'validate', String(organization))
  return { client, organization, domain: await provenDomain(world, client, organization, name) }
}

export async function provenDomain(
  { records }: World,
  client: Client,
  organization: number,
  name: string,
): Promise<number> {
  const added = await client.good('POST', '/domain', {
    name,
    organization: { id: organization },
    validations: [{ type: 'ov' }],
    dcv_method: 'dns-txt-token',
  })
  const token = added.dcv_token
  if (typeof token !== 'object' || token === null) throw new Error('no dcv_token')
  records.push({ type: 'TXT', name, ttl: 60, data: textOf({ ...token }, 'token') })
  await client.good('PUT', `/domain/${idOf(added)}/dcv/validate-token`)
  return idOf(added)
}

/** Members of an order; `certificate` is merged with what every order has. */
export interface OrderParts {
  readonly organization?: number
  readonly certificate?: Members
  readonly [member: string]: unknown
}

export async function orderBody({ organization, certificate, ...others }: OrderParts): Promise<Members> {
  return {
    certificate: { csr: await newCsr(), signature_hash: 'sha256', ...certificate },
    ...(organization === undefined ? {} : { organization: { id: organization } }),
    order_validity: { years: 1 },
    skip_approval: true,
    ...others,
  }
}

export async function order(client: Client, product: string, parts: OrderParts): Promise<HttpAnswer> {
  return client.call('POST', `/order/certificate/${product}`, await orderBody(parts))
}

/** An order that is issued at once: ids of order and certificate. */
export async function issued(
  client: Client,
  product: string,
  parts: OrderParts,
): Promise<{ readonly id: number; readonly certificate: number }> {
  const answer = await client.good('POST', `/order/certificate/${product}`, await orderBody(parts))
  return { id: idOf(answer), certificate: idOf(answer, 'certificate_id') }
}

/** A private order of the shop. */
export function privateOrder({ client, organization }: Shop, commonName: string, parts: OrderParts = {}) {
  return issued(client, 'private_ssl_plus', {
    organization,
    ...parts,
    certificate: { common_name: commonName, ...parts.certificate },
  })
}
