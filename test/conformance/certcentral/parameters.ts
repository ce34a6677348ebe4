import { order, orderBody, organizationBody, type Shop } from './fixtures.ts'
import type { Rows } from './rows.ts'
import { newCsr } from './world.ts'

/** The form of requests: bodies, parameters, names in certificates. */
export async function provokeParameters({ client, organization }: Shop, rows: Rows): Promise<void> {
  await rows.add(
    'bad_request_format',
    'POST /organization with a body cut in the middle',
    client.call('POST', '/organization', '{"name":'),
  )
  await rows.add(
    'missing_request_data',
    'POST /organization without a body',
    client.call('POST', '/organization'),
  )
  await rows.add(
    'required_param:<parameter>',
    'POST /organization without a name',
    client.call('POST', '/organization', { ...organizationBody, name: undefined }),
    'required_param:name',
  )
  await rows.add(
    'invalid_value:<parameter>',
    'GET /order/certificate?limit=0',
    client.call('GET', '/order/certificate?limit=0'),
    'invalid_value:limit',
  )
  await rows.add(
    'invalid_chars:<parameter>',
    'POST /organization with `<` in the name',
    client.call('POST', '/organization', { ...organizationBody, name: 'Example <b>' }),
    'invalid_chars:name',
  )
  await rows.add(
    'email_not_valid_email_format',
    'POST /organization with a contact whose address has no @',
    client.call('POST', '/organization', {
      ...organizationBody,
      organization_contact: { first_name: 'Ada', last_name: 'Moser', email: 'ada', telephone: '1' },
    }),
  )
  await provokeSubjects({ client, organization, domain: 0 }, rows)
  await provokeOrganizations({ client, organization, domain: 0 }, rows)
  await provokeIdempotency({ client, organization, domain: 0 }, rows)
}

async function provokeSubjects({ client, organization }: Shop, rows: Rows): Promise<void> {
  const privately = (certificate: Record<string, unknown>) =>
    order(client, 'private_ssl_plus', { organization, certificate })
  await rows.add(
    'rfc5280_common_name_invalid',
    'a common name with a space',
    privately({ common_name: 'no host' }),
  )
  await rows.add(
    'rfc5280_common_name_too_long',
    'a common name of 65 characters',
    privately({ common_name: `${'a'.repeat(60)}.test` }),
  )
  await rows.add(
    'rfc5280_org_unit_invalid',
    'an organization unit of punctuation',
    privately({ common_name: 'ou.internal', organization_units: ['...'] }),
  )
  await rows.add(
    'rfc5280_org_unit_too_long',
    'an organization unit of 65 characters',
    privately({ common_name: 'ou.internal', organization_units: ['a'.repeat(65)] }),
  )
  await rows.add(
    'csr_invalid_cannot_parse',
    'a request whose base64 is none',
    privately({
      common_name: 'csr.internal',
      csr: '-----BEGIN CERTIFICATE REQUEST-----\n!!\n-----END CERTIFICATE REQUEST-----',
    }),
  )
}

async function provokeOrganizations({ client }: Shop, rows: Rows): Promise<void> {
  const add = (changes: Record<string, unknown>) =>
    client.call('POST', '/organization', { ...organizationBody, ...changes })
  await rows.add(
    'rfc5280_org_name_too_long',
    'an organization whose name has 65 characters',
    add({ name: 'a'.repeat(65) }),
  )
  await rows.add(
    'rfc5280_address_field_too_long',
    'an organization whose city has 65 characters',
    add({ city: 'a'.repeat(65) }),
  )
  await rows.add('rfc5280_org_invalid', 'an organization in the country `zz`', add({ country: 'zz' }))
  const taken = await client.good('GET', '/user/me')
  await rows.add(
    'username_unavailable',
    'POST /user with the name of a user who is there',
    client.call('POST', '/user', {
      username: taken.username,
      first_name: 'Eve',
      last_name: 'Adams',
      email: 'eve@example.test',
      access_roles: [{ id: 5 }],
    }),
  )
}

async function provokeIdempotency({ client, organization }: Shop, rows: Rows): Promise<void> {
  const csr = await newCsr()
  const body = (name: string) => orderBody({ organization, certificate: { common_name: name, csr } })
  const named = { 'idempotency-key': 'conformance' }
  const path = '/order/certificate/private_ssl_plus'
  await client.call('POST', path, await body('once.internal'), named)
  await rows.add(
    'idempotency_conflict',
    'the Idempotency-Key of one order with another order',
    client.call('POST', path, await body('twice.internal'), named),
  )
}
