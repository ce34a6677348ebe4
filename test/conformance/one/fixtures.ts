import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { pemEncode } from '../../../src/pki/pem.ts'
import { p256, request } from '../../support/certification-requests.ts'
import type { HttpAnswer } from '../../support/http.ts'
import { type Client, type Members, textOf } from './world.ts'

export const am = '/account/api/v1'
export const tlm = '/mpki/api/v1'
export const pca = '/certificate-authority/api/v1'

/** What an account has from its beginning, as the APIs name it. */
export interface Account {
  readonly client: Client
  readonly id: string
  readonly unit: string
  /** For P-256 servers. */
  readonly profile: Members
  readonly root: string
  readonly issuing: string
}

export async function openAccount(client: Client): Promise<Account> {
  const [account] = await client.list(`${am}/account`)
  const [unit] = await client.list(`${tlm}/business-unit`)
  const [profile] = await client.list('/mpki/api/v2/profile')
  const authorities = await client.list(`${pca}/ca`)
  const authority = (type: string) =>
    textOf(
      authorities.find((each) => each.cert_type === type),
      'id',
    )
  if (profile === undefined) throw new Error('the account has no profile')
  return {
    client,
    id: textOf(account, 'id'),
    unit: textOf(unit, 'id'),
    profile,
    root: authority('root'),
    issuing: authority('intermediate'),
  }
}

/** PEM of a request over a P-256 key; its names are not looked at. */
export function csr(keys: { publicKey: KeyObject; privateKey: KeyObject } = p256): string {
  return pemEncode('CERTIFICATE REQUEST', request({ keys }))
}

export const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** Body of a request at Trust Lifecycle Manager. */
export function issueBody({ profile }: Pick<Account, 'profile'>, name: string, more: object = {}): Members {
  return {
    profile: { id: profile.id },
    seat: { seat_id: name },
    csr: csr(),
    attributes: { subject: { common_name: name } },
    ...more,
  }
}

export function issue(account: Account, name: string, more: object = {}): Promise<HttpAnswer> {
  return account.client.call('POST', `${tlm}/certificate`, issueBody(account, name, more))
}

/** The serial number of a new certificate. */
export async function issued(account: Account, name: string, more: object = {}): Promise<string> {
  const answer = await account.client.good('POST', `${tlm}/certificate`, issueBody(account, name, more))
  return textOf(answer, 'serial_number')
}

/** Body of a request at Private CA. */
export function privateBody({ issuing }: Pick<Account, 'issuing'>, name: string, more: object = {}): Members {
  return { issuer: { id: issuing }, csr: csr(), subject: { common_name: name }, ...more }
}

/** Makes a profile; what is not said is as in the account's first one. */
export async function newProfile(account: Account, name: string, more: object = {}): Promise<Members> {
  const template = account.profile.template
  const templateId = typeof template === 'object' && template !== null && 'id' in template ? template.id : ''
  return account.client.good('POST', `${tlm}/profile`, {
    account_id: account.id,
    business_unit_id: account.unit,
    name,
    template_id: templateId,
    ica: { id: account.issuing },
    enrollment_method: 'rest_api',
    authentication_method: 'third_party_app',
    renewal_window_days: 30,
    seat_id_mapping: 'common_name',
    ...more,
  })
}

/** A service user with one token; gives both ids and the token. */
export async function newProgram(
  client: Client,
  name: string,
  roles: readonly string[],
  more: object = {},
): Promise<{ readonly id: string; readonly tokenId: string; readonly key: string }> {
  const made = await client.good('POST', `${am}/user`, {
    user_type: 'service',
    friendly_name: name,
    roles: roles.map((role) => ({ role_code: role })),
    ...more,
  })
  const { token } = made
  if (typeof token !== 'object' || token === null) throw new Error('no token')
  return { id: textOf(made, 'id'), tokenId: textOf({ ...token }, 'id'), key: textOf({ ...token }, 'value') }
}
