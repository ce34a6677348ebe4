import { makeIssuer } from '../../support/issuers.ts'
import { openssl } from '../../support/openssl.ts'
import {
  type Account,
  am,
  csr,
  issue,
  issueBody,
  issued,
  newProfile,
  pca,
  privateBody,
  tlm,
} from './fixtures.ts'
import type { Rows } from './rows.ts'
import { type Members, textOf } from './world.ts'

/** Certificates from their request to their end, and what stands in their way. */
export async function provokeCertificates(account: Account, rows: Rows): Promise<void> {
  await provokeSuccesses(account, rows)
  await provokeRevocations(account, rows)
  await provokeProfiles(account, rows)
  await provokeImports(account, rows)
  await provokeEnrollments(account, rows)
  await provokeRecovery(account, rows)
}

async function provokeSuccesses(account: Account, rows: Rows): Promise<void> {
  const { client } = account
  await rows.success('200', 'GET /hello', 200, client.call('GET', `${tlm}/hello`))
  const answer = await issue(account, 'good.harbour.example')
  await rows.success('201', 'POST /certificate', 201, answer)
  const { serial_number: serial } = answer.json() as Members
  const revoke = () =>
    client.call('PUT', `${tlm}/certificate/${serial}/revoke`, { revocation_reason: 'key_compromise' })
  await rows.success('204', 'PUT /certificate/{serial}/revoke', 204, revoke())
  await rows.refusal(
    'already_revoked',
    {
      condition: 'PUT /certificate/{serial}/revoke, twice',
      fills: ['second revocation'],
      also: (_answer, { message }) => message === 'Certificate already has been revoked',
    },
    revoke(),
  )
}

async function provokeRevocations(account: Account, rows: Rows): Promise<void> {
  const { client } = account
  const serial = await issued(account, 'ended.harbour.example')
  const url = `${tlm}/certificate/${serial}`
  await rows.refusal(
    'not_suspended',
    { condition: 'DELETE /certificate/{serial}/revoke of a certificate that is not suspended' },
    client.call('DELETE', `${url}/revoke`),
  )
  await rows.refusal(
    'renewal_too_early',
    { condition: 'POST /certificate/{serial}/renew long before its end' },
    client.call('POST', `${url}/renew`, { csr: csr() }),
  )
  await client.good('PUT', `${url}/revoke`, {})
  await rows.refusal(
    'ended',
    { condition: 'POST /certificate/{serial}/renew of a revoked certificate' },
    client.call('POST', `${url}/renew`, { csr: csr() }),
  )
}

async function provokeProfiles(account: Account, rows: Rows): Promise<void> {
  const { client } = account
  const suspended = await newProfile(account, 'Suspended')
  await client.good('PUT', `${tlm}/profile/${suspended.id}`, { status: 'Suspended' })
  await rows.refusal(
    'profile_refused',
    { condition: 'an issue request for a profile that is suspended' },
    issue(account, 'a.harbour.example', { profile: { id: suspended.id } }),
  )
  const single = {
    profile: { id: (await newProfile(account, 'Single', { duplicate_cert_policy: false })).id },
  }
  await issued(account, 'one.harbour.example', single)
  await rows.refusal(
    'certificate_duplicate',
    { condition: 'a second certificate for a subject and seat where the profile allows one' },
    issue(account, 'one.harbour.example', single),
  )
  const full = await client.good('POST', `${tlm}/business-unit`, {
    name: 'Full',
    account: { id: account.id },
    licensed_seats: [{ seat_type: { id: 'SERVER_SEAT' }, count: 0 }],
  })
  const seatless = await newProfile(account, 'Seatless', { business_unit_id: full.id })
  await rows.refusal(
    'seats_exhausted',
    { condition: 'an issue request for a new seat in a business unit without any left' },
    issue(account, 'a.harbour.example', { profile: { id: seatless.id } }),
  )
  await rows.refusal(
    'state',
    {
      condition: 'DELETE /business-unit/{id} of one that a profile belongs to',
      fills: ['409 state_conflict'],
    },
    client.call('DELETE', `${tlm}/business-unit/${full.id}`),
  )
  await rows.refusal(
    'authority_inactive',
    { condition: 'POST /certificate of Private CA at a root, which issues to CAs alone' },
    client.call('POST', `${pca}/certificate`, privateBody({ issuing: account.root }, 'a.harbour.example')),
  )
}

async function provokeImports({ client, unit }: Account, rows: Rows): Promise<void> {
  const issuers = [makeIssuer('p-256'), makeIssuer('p-256')]
  const entries = issuers.map(({ certificateDer }) => ({
    cert_type: 'x509',
    business_unit_id: unit,
    seat_id: 'brought',
    cert: Buffer.from(certificateDer).toString('base64'),
  }))
  const [first] = await client.call('POST', `${tlm}/certificate-import`, entries).then(({ json }) => {
    const results = json()
    if (!Array.isArray(results)) throw new Error('an import answers a list')
    return results
  })
  await rows.refusal(
    'serial_ambiguous',
    {
      condition: 'GET /certificate/{serial} where two certificates of one serial number were imported',
      fills: ['two certificates of one serial number'],
    },
    client.call('GET', `${tlm}/certificate/${first.serial_number}`),
  )
}

async function provokeEnrollments(account: Account, rows: Rows): Promise<void> {
  const { client } = account
  const profile = await newProfile(account, 'Coded', {
    enrollment_method: 'scep',
    authentication_method: 'enrollment_code',
  })
  const enrolled = await client.good('POST', `${tlm}/enrollment`, {
    profile: profile.id,
    seat: { seat_id: 'crane' },
    attributes: {},
  })
  const redeem = (code: unknown) =>
    client.call('POST', `${tlm}/enrollment/redeem`, {
      ...issueBody({ profile }, 'crane.harbour.example'),
      seat: { id: 'crane' },
      enrollment_code: code,
    })
  await rows.refusal(
    'enrollment_step',
    { condition: 'PUT /enrollment/{id}/status from created to redeemed' },
    client.call('PUT', `${tlm}/enrollment/${enrolled.id}/status`, { new_status: 'redeemed' }),
  )
  await rows.refusal(
    'enrollment_code',
    { condition: 'POST /enrollment/redeem with a code of none' },
    redeem('not-the-code'),
  )
  for (let attempt = 2; attempt <= 5; attempt++) await redeem(`wrong-${attempt}`)
  await rows.refusal(
    'enrollment_locked',
    { condition: 'POST /enrollment/redeem with the right code after five wrong ones' },
    redeem(enrolled.enrollment_code),
  )
}

async function provokeRecovery(account: Account, rows: Rows): Promise<void> {
  const { client } = account
  const profile = await newProfile(account, 'Kept', { key_escrow_policy: { key_escrow_enabled: true } })
  const { csr: _csr, ...body } = issueBody({ profile }, 'kept.harbour.example', { delivery_format: 'pkcs12' })
  const made = await client.good('POST', `${tlm}/certificate`, body)
  const serial = textOf(made, 'serial_number')
  const escrow = (method: string, path: string) => client.call(method, `${tlm}/certificate/escrow/${path}`)
  await rows.refusal(
    'recovery_impossible',
    {
      condition: 'GET /certificate/escrow/recover/{serial} before anybody approved',
      fills: ['422 unprocessable_request'],
    },
    escrow('GET', `recover/${serial}`),
  )
  await rows.refusal(
    'recovery_impossible',
    {
      condition: 'POST /certificate/escrow/approve/{serial} where no key was kept',
      fills: ['recovery approved: not possible'],
    },
    escrow('POST', `approve/${await issued(account, 'unkept.harbour.example')}`),
  )
  await rows.refusal(
    'object',
    {
      condition: 'POST /certificate/escrow/approve/{serial} of a certificate that does not exist',
      fills: ['recovery approved: no such certificate'],
    },
    escrow('POST', 'approve/00ABCDEF'),
  )
  await rows.refusal(
    'key_in_other_use',
    { condition: 'a client certificate over the key of another certificate, kept here' },
    client.call('POST', `${am}/client-auth-certificate`, {
      user_id: 'me',
      name: 'shared key',
      csr: await requestOverKept(made),
    }),
  )
}

/** A CSR over the key in a delivered PKCS#12 file. */
async function requestOverKept(made: Members): Promise<string> {
  const opened = await openssl(
    ['pkcs12', '-nodes', '-nocerts', '-passin', `pass:${textOf(made, 'pkcs12_password')}`],
    {
      input: Buffer.from(textOf(made, 'certificate'), 'base64'),
    },
  )
  const run = await openssl(['req', '-new', '-key', 'key.pem', '-subj', '/CN=shared'], {
    files: { 'key.pem': opened.text },
  })
  return run.text
}
