import type { KeyObject } from 'node:crypto'
import { type Account, am, csr, issueBody, newKeys, tlm } from './fixtures.ts'
import type { Rows } from './rows.ts'
import { Client, textOf, type World } from './world.ts'

const pkcs8 = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** A client that logs in with a certificate, and the certificate's id. */
export interface CertificateClient {
  readonly id: string
  readonly client: Client
}

/** Makes a client certificate for the account's administrator. */
export async function certificateClient(
  { clientauth }: World,
  { client }: Account,
  name: string,
  endDate?: string,
): Promise<CertificateClient> {
  const keys = newKeys()
  const made = await client.good('POST', `${am}/client-auth-certificate`, {
    user_id: 'me',
    name,
    csr: csr(keys),
    ...(endDate === undefined ? {} : { end_date: endDate }),
  })
  const credentials = { cert: textOf(made, 'certificate'), key: pkcs8(keys.privateKey) }
  return { id: textOf(made, 'id'), client: new Client(clientauth, '', client.account, credentials) }
}

/** The listener where clients log in with certificates: what ends the handshake, and what is 401. */
export async function provokeMutualTls(world: World, account: Account, rows: Rows): Promise<void> {
  const { client } = account
  const me = `${am}/user/me`
  await rows.noHandshake(
    'the TLS handshake fails',
    'an API key and no certificate at the address for client certificates',
    new Client(world.clientauth, client.key, client.account).call('GET', me),
  )
  const keys = newKeys()
  const server = await client.good(
    'POST',
    `${tlm}/certificate`,
    issueBody(account, 'server.harbour.example', { csr: csr(keys) }),
  )
  const foreign = { cert: textOf(server, 'certificate'), key: pkcs8(keys.privateKey) }
  await rows.noHandshake(
    'the TLS handshake fails',
    'a certificate of a CA that issues no client certificates',
    new Client(world.clientauth, '', client.account, foreign).call('GET', me),
  )
  const shown = await certificateClient(world, account, 'laptop')
  await shown.client.good('GET', me)
  const url = `${am}/client-auth-certificate/${shown.id}`
  await client.good('PUT', `${url}/enable`, { enabled: false })
  const refused = { fills: ['401: the client certificate is revoked or switched off'] } as const
  await rows.refusal(
    'key_invalid',
    { condition: 'a client certificate that is switched off', ...refused },
    shown.client.call('GET', me),
  )
  await client.good('PUT', `${url}/enable`)
  await shown.client.good('GET', me)
  await client.good('DELETE', url)
  await rows.refusal(
    'key_invalid',
    { condition: 'a client certificate that is revoked', ...refused },
    shown.client.call('GET', me),
  )
}
