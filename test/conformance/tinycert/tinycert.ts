import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { httpStatusOf, type TinycertCode, tinycertCodes } from '../../../src/faces/tinycert/codes.ts'
import { credentialsOf, member, query, TinycertClient } from '../../faces/tinycert/client.ts'
import type { HttpAnswer } from '../../support/http.ts'
import { chancery, type RunningServer, startServer } from '../../support/process.ts'
import { type Scope, temporaryFolder } from '../../support/tmp.ts'
import type { FaceConformance, Provoked } from '../conformance.ts'
import { damage } from './damage.ts'

/** Low, so that the limit is reached with few keys made. */
const authorityLimit = 4

/** The TinyCert API: 17 codes. */
export const tinycertConformance: FaceConformance = {
  face: 'tinycert',
  title: 'TinyCert API v1',
  codes: tinycertCodes,
  async run(scope) {
    const original = join(temporaryFolder(scope, 'conformance'), 'data')
    const rows: Provoked[] = []
    const server = await startWithLimits(scope, original)
    const tenants = await connectTenants(server)
    const made = await provokeInSession(tenants, rows)
    await server.stop()

    const damaged = join(temporaryFolder(scope, 'damaged'), 'data')
    cpSync(original, damaged, { recursive: true })
    damage(damaged, {
      corruptAccount: tenants.carol.email,
      removedAccount: tenants.dave.email,
      spoiltToken: tenants.erin.client.token,
      brokenAuthority: made.authority,
    })
    const restarted = await startServer(scope, { dataFolder: damaged, processes: 2, ports: server.ports })
    await provokeOnDamagedStore(tenants, made.authority, rows)
    await restarted.stop()
    return rows
  },
}

interface Tenant {
  readonly email: string
  readonly client: TinycertClient
}

type Tenants = Readonly<Record<(typeof names)[number], Tenant>>

const names = ['alice', 'bob', 'carol', 'dave', 'erin'] as const

async function startWithLimits(scope: Scope, dataFolder: string): Promise<RunningServer> {
  const configuration = join(temporaryFolder(scope, 'configuration'), 'config.yaml')
  writeFileSync(configuration, `rates:\n  tinycert:\n    authorities: ${authorityLimit}/10m\n`)
  return startServer(scope, { dataFolder, processes: 2, args: ['--config', configuration] })
}

/** Accounts with a live session each. */
async function connectTenants(server: RunningServer): Promise<Tenants> {
  const tenants = new Map<string, Tenant>()
  for (const name of names) {
    const email = `${name}@example.test`
    const arguments_ = ['account', 'create', '--email', email, '--data', server.dataFolder, '--json']
    const { status, stdout, stderr } = await chancery(arguments_)
    if (status !== 0) throw new Error(`account create ended with ${status}: ${stderr}`)
    const client = new TinycertClient(`${server.http}/api/v1`, credentialsOf(stdout))
    await client.connect()
    tenants.set(name, { email, client })
  }
  const tenant = (name: string) => {
    const found = tenants.get(name)
    if (found === undefined) throw new Error(`no tenant ${name}`)
    return found
  }
  return {
    alice: tenant('alice'),
    bob: tenant('bob'),
    carol: tenant('carol'),
    dave: tenant('dave'),
    erin: tenant('erin'),
  }
}

/** Conditions of requests and objects. */
async function provokeInSession(
  { alice, bob }: Tenants,
  rows: Provoked[],
): Promise<{ readonly authority: number }> {
  const { client } = alice
  const authority = await client.expectId('ca/new', { C: 'NL', O: 'Example B.V.', hash_method: 'sha256' })
  const ca = { ca_id: String(authority) }
  const certificate = await client.expectId('cert/new', {
    ...ca,
    C: 'NL',
    O: 'Example',
    CN: 'a.example.test',
  })
  const old = { cert_id: String(certificate) }
  await client.expectId('cert/reissue', old)

  const add = async (code: TinycertCode, condition: string, answer: Promise<HttpAnswer>) => {
    rows.push(judged(code, condition, await answer))
  }
  const passphrase = 'not the passphrase'
  await add('MethodDisallowed', 'GET /connect', client.sendRaw('connect', '', { method: 'GET' }))
  await add('MissingParameter', '/ca/details without `ca_id`', client.call('ca/details'))
  await add(
    'InputFailure',
    '/ca/new with `C=us`',
    client.call('ca/new', { C: 'us', O: 'Example', hash_method: 'sha256' }),
  )
  await add(
    'InvalidToken',
    'a token that was never given',
    client.send('ca/list', query({ token: 'a'.repeat(64) })),
  )
  await add(
    'SignatureFailure',
    '/ca/list signed with another key',
    client.call('ca/list', {}, { apiKey: 'another key' }),
  )
  await add(
    'ApiKeyMismatch',
    '/connect signed with another key',
    client.send('connect', query({ email: alice.email, passphrase }), { apiKey: 'another key' }),
  )
  await add(
    'AccountNotFound',
    '/connect with an address no account has',
    client.send('connect', query({ email: 'nobody@example.test', passphrase })),
  )
  await add(
    'PassphraseFailure',
    '/connect, signed well, with a wrong passphrase',
    client.send('connect', query({ email: alice.email, passphrase })),
  )
  await add(
    'NotFound',
    '/ca/details of a CA that does not exist',
    client.call('ca/details', { ca_id: '2147483647' }),
  )
  await add('AccessDenied', "/ca/details of another account's CA", bob.client.call('ca/details', ca))
  await add('NotLatest', '/cert/reissue of a certificate that was reissued', client.call('cert/reissue', old))
  await add(
    'StatusDisallowed',
    '/cert/status of an obsolete certificate',
    client.call('cert/status', { ...old, status: 'hold' }),
  )
  await add(
    'RateLimitExceeded',
    `/ca/new ${authorityLimit + 1} times in ten minutes where ${authorityLimit} are allowed`,
    exceedRate(client),
  )
  return { authority }
}

/** The first answer that is no success; each process counts what the other made. */
async function exceedRate(client: TinycertClient): Promise<HttpAnswer> {
  for (;;) {
    const answer = await client.call('ca/new', { C: 'NL', O: 'One more', hash_method: 'sha256' })
    if (answer.status !== 200) return answer
  }
}

/** Conditions of the store, on sessions that were opened before it was damaged. */
async function provokeOnDamagedStore(
  { alice, carol, dave, erin }: Tenants,
  authority: number,
  rows: Provoked[],
): Promise<void> {
  const certificate = { ca_id: String(authority), C: 'NL', O: 'Example', CN: 'b.example.test' }
  rows.push(
    judged(
      'AccountError',
      'the account record was changed in the store, so its integrity check fails',
      await carol.client.call('ca/list'),
    ),
    judged(
      'AccountNotLoaded',
      'the account was removed from the store while its session lives',
      await dave.client.call('ca/list'),
    ),
    judged(
      'SessionError',
      'the wrapped key of the session was changed in the store and does not open',
      await erin.client.call('ca/list'),
    ),
    judged(
      'UnknownError',
      'the record of the CA was changed in the store and cannot be opened',
      await alice.client.call('cert/new', certificate),
    ),
  )
}

function judged(code: TinycertCode, condition: string, { status, text }: HttpAnswer): Provoked {
  const httpStatus = httpStatusOf[code]
  const said = codeOf(text)
  return {
    code,
    httpStatus,
    condition,
    answer: { status, body: text },
    reached: status === httpStatus && said === code,
  }
}

function codeOf(text: string): unknown {
  try {
    return member(JSON.parse(text), 'code')
  } catch {
    return undefined
  }
}
