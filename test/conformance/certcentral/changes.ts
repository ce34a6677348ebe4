import { issued, privateOrder, type Shop } from './fixtures.ts'
import type { Rows } from './rows.ts'
import { newCsr } from './world.ts'

/** What happens to orders later: reissues, duplicates, archiving, approval. */
export async function provokeChanges(shop: Shop, rows: Rows): Promise<void> {
  await provokeDuplicates(shop, rows)
  await provokeReissues(shop, rows)
  await provokeApproval(shop, rows)
}

async function provokeDuplicates(shop: Shop, rows: Rows): Promise<void> {
  const { client, organization } = shop
  const { id, certificate } = await issued(client, 'private_ssl_multi_domain', {
    organization,
    certificate: { common_name: 'a.internal', dns_names: ['a.internal', 'b.internal'] },
  })
  const duplicate = async (changes: Record<string, unknown>, order = id) =>
    client.call('POST', `/order/certificate/${order}/duplicate`, {
      certificate: {
        csr: await newCsr(),
        common_name: 'a.internal',
        dns_names: ['a.internal', 'b.internal'],
        ...changes,
      },
      skip_approval: true,
    })
  await rows.add(
    'invalid_common_name_on_duplicate',
    'a duplicate for a common name that the order does not have',
    duplicate({ common_name: 'c.internal' }),
  )
  await rows.add(
    'invalid_dns_name_on_duplicate',
    'a duplicate with a name more than the order has',
    duplicate({ dns_names: ['a.internal', 'b.internal', 'c.internal'] }),
  )
  await rows.add(
    'missing_dns_name_on_duplicate',
    'a duplicate with a name less',
    duplicate({ dns_names: ['a.internal'] }),
  )
  await rows.add(
    'cannot_archive_primary_certificate',
    "PUT /certificate/{id}/archive of an order's own certificate",
    client.call('PUT', `/certificate/${certificate}/archive`),
  )
  const revoked = await privateOrder(shop, 'a.internal')
  await client.good('PUT', `/order/certificate/${revoked.id}/revoke`, { skip_approval: true })
  await rows.add(
    'order_not_eligible_for_duplicate',
    'a duplicate of a revoked order',
    duplicate({}, revoked.id),
  )
}

async function provokeReissues(shop: Shop, rows: Rows): Promise<void> {
  const { client } = shop
  const { id } = await privateOrder(shop, 'again.internal')
  const reissue = async () =>
    client.call('POST', `/order/certificate/${id}/reissue`, {
      certificate: { common_name: 'again.internal', csr: await newCsr() },
    })
  const first = await reissue()
  if (first.status !== 201)
    throw new Error(`the first reissue was answered with ${first.status}: ${first.text}`)
  await rows.add('pending_reissue', 'a reissue while another one waits for approval', reissue())
}

async function provokeApproval({ client, organization }: Shop, rows: Rows): Promise<void> {
  await client.good('PUT', '/account', { approval_steps: 2 })
  const placed = await client.good('POST', '/order/certificate/private_ssl_plus', {
    certificate: { common_name: 'two.internal', csr: await newCsr() },
    organization: { id: organization },
    order_validity: { years: 1 },
  })
  const [request] = Array.isArray(placed.requests) ? placed.requests : []
  await rows.add(
    'cert_unavailable_processing',
    'a download by the order, while that waits for approval',
    client.call('GET', `/certificate/download/order/${placed.id}`),
  )
  await client.call('PUT', `/request/${request?.id}/status`, { status: 'pending' })
  await rows.add(
    'access_denied|invalid_approver',
    'approval, where two steps are needed, by whoever made the request and reviewed it',
    client.call('PUT', `/request/${request?.id}/status`, { status: 'approved' }),
  )
  await client.good('PUT', '/account', { approval_steps: 1 })
}
