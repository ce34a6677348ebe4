/** Asks a CA of a test engine for certificates, as a face would. */
import assert from 'node:assert/strict'
import type { AuthorityGrants, AuthorityRecord } from '../../src/core/authorities/authority.ts'
import type { AuthorityRequest } from '../../src/core/authorities/authority-request.ts'
import { createAuthority } from '../../src/core/authorities/create-authority.ts'
import { issueCertificate } from '../../src/core/certificates/issue.ts'
import type { IssuedCertificate, IssueRequest } from '../../src/core/certificates/issue-request.ts'
import { type AnyFault, type Fault, isFault } from '../../src/core/faults.ts'
import type { NameRequest } from '../../src/core/policy/names/name-request.ts'
import { rootAuthority } from '../../src/core/profiles/authorities.ts'
import { answerToFault } from '../../src/faces/tinycert/faults.ts'
import { oids } from '../../src/pki/oids.ts'
import { request } from './certification-requests.ts'
import { footprint, type TestEngine } from './engine.ts'
import { testCaller } from './installation.ts'

export type Wish = Partial<Omit<IssueRequest, 'accountId' | 'authorityId'>>

/** A refusal: code and facts of the fault. */
export type Refusal = Pick<Fault, 'code' | 'detail'>

/** One CA to ask. */
export interface Door {
  readonly authority: AuthorityRecord
  /** A P-256 request over one key and the name host.example.com, where the wish says nothing else. */
  issue(wish?: Wish): Promise<IssuedCertificate>
  /**
   * How the wish is refused. Fails when a certificate is issued, when the error is no fault or one that a caller is
   * not told as 4xx, and when the refusal left anything in the store but the event that tells it.
   */
  refusal(wish: Wish): Promise<Refusal>
}

export const dnsName = (value: string): NameRequest => ({ type: 'dns', value, parameter: 'names' })

/** A subject attribute by dotted OID. */
export const attribute = (type: string, value: string) => ({ type, value, parameter: 'subject' })

/** A wish for what a PKCS#10 request holds. */
export const csrWish = (csr: string | Uint8Array, wish: Wish = {}): Wish => ({
  ...wish,
  key: { from: 'request', csr },
})

export function doorOf(engine: TestEngine, authority: AuthorityRecord): Door {
  const issue = (wish: Wish = {}) =>
    issueCertificate(
      engine,
      {
        accountId: authority.accountId,
        authorityId: authority.id,
        origin: 'command-line',
        key: { from: 'request', csr: request() },
        names: [dnsName('host.example.com')],
        subject: [],
        ...wish,
      },
      testCaller,
    )
  return {
    authority,
    issue,
    async refusal(wish) {
      const before = await footprint(engine)
      const fault = await faultOf(issue(wish))
      const left = { ...before, events: before.events + 1, refusals: before.refusals + 1 }
      assert.deepEqual(
        await footprint(engine),
        left,
        'a refusal leaves the event that tells it, and nothing else',
      )
      return { code: fault.code, detail: fault.detail }
    },
  }
}

/** The fault a promise is rejected with; fails when it is no fault, or one that callers are not told as 4xx. */
export async function faultOf(act: Promise<unknown>): Promise<Fault> {
  const error = await act.then(
    () => assert.fail('it was accepted'),
    (cause: unknown) => cause,
  )
  assert.ok(isFault(error), error instanceof Error ? (error.stack ?? error.message) : String(error))
  const { httpStatus } = answerToFault(error, 'en')
  assert.ok(httpStatus >= 400 && httpStatus < 500, `${error.code} is told as ${httpStatus}`)
  return error
}

/** For comparisons with what `refusal` returns: the compiler checks that the facts are those of the code. */
export const refused = <Refused extends AnyFault>(refusal: Refused): Refused => refusal

/** A CA that issues leaves itself, with these grants besides. */
export function testAuthority(
  engine: TestEngine,
  accountId: AuthorityRecord['accountId'],
  grants: AuthorityGrants,
  more: Partial<AuthorityRequest> = {},
): Promise<AuthorityRecord> {
  return createAuthority(
    engine,
    {
      accountId,
      parentId: null,
      profile: rootAuthority,
      role: 'root',
      origin: 'operator',
      name: 'Test CA',
      subject: [{ type: oids.commonName, value: 'Test CA' }],
      keyKind: 'p-256',
      strictness: 'private-tls',
      grants: { leaves: true, ...grants },
      leafProfile: 'tls-server',
      contactEmail: 'ada@example.test',
      ...more,
    },
    testCaller,
  )
}
