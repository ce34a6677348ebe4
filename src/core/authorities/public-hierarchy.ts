import type { KeyKind } from '../../pki/key-kinds.ts'
import { oids } from '../../pki/oids.ts'
import type { AccountRecord } from '../accounts/account.ts'
import { loadAccount } from '../accounts/load-account.ts'
import { systemCaller } from '../audit/caller.ts'
import { accountId } from '../brand.ts'
import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import { accountPolicies } from '../identity/account-policy.ts'
import {
  type PublicPurpose,
  publicIssuingAuthorities,
  publicPurposes,
  publicRoot,
} from '../profiles/public-authorities.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import type { AuthorityRecord } from './authority.ts'
import { createAuthority } from './create-authority.ts'

/** A root and the CA below it that issues for one purpose, for every account. */
export interface PublicHierarchy {
  readonly root: AuthorityRecord
  readonly issuing: AuthorityRecord
}

/**
 * P-256 for both. RFC 8446 section 9.1 has every TLS client verify ecdsa_secp256r1_sha256; its signatures cost a
 * fraction of RSA's and its chains a third of the bytes. Subscribers' own keys may be RSA below it all the same.
 */
const keyKind: KeyKind = 'p-256'

const titles: { readonly [Purpose in PublicPurpose]: string } = {
  tls: 'TLS',
  mail: 'S/MIME',
  code: 'Code Signing',
  document: 'Document Signing',
}

/** Default leaf profile of each issuing CA; it also tells the hierarchies of the store apart. */
const leafProfiles: { readonly [Purpose in PublicPurpose]: string } = {
  tls: 'tls-dv',
  mail: 'smime-mailbox-strict-dual-use',
  code: 'code-signing',
  document: 'document-signing',
}

/** Longer than making two CAs takes; after a crash another process carries on when it has passed. */
const CLAIM_MS = 60_000
const PAUSE_MS = 100

/** What making a hierarchy needs beside the engine. */
export interface PublicHierarchyOptions {
  /** Lets some time pass, while another process makes the hierarchy. */
  readonly pause: (milliseconds: number) => Promise<unknown>
}

/**
 * The installation's hierarchy for a purpose, held to the CA/Browser Forum's requirements in full. It belongs to the
 * operator and every account may have leaves from it; it is made when it is first asked for, by one process while
 * others wait.
 *
 * @throws Fault authority_unusable where the installation has no operator yet, store_busy when another process takes
 *   too long; what `createAuthority` raises
 */
export async function ensurePublicHierarchy(
  engine: Engine,
  purpose: PublicPurpose,
  options: PublicHierarchyOptions,
): Promise<PublicHierarchy> {
  const present = await presentHierarchy(engine, purpose)
  if (present.issuing !== undefined) return { root: present.root, issuing: present.issuing }
  const claim = `public-hierarchy:${purpose}`
  const holder = Buffer.from(engine.random.bytes(16)).toString('hex')
  for (let waited = 0; waited < CLAIM_MS; waited += PAUSE_MS) {
    const now = engine.clock.now()
    const ours = await engine.store.write((transaction) =>
      transaction.runtime.takeLease(claim, holder, now, now + CLAIM_MS),
    )
    if (ours) {
      try {
        return await completeHierarchy(engine, purpose)
      } finally {
        await engine.store.write((transaction) => transaction.runtime.releaseLease(claim, holder))
      }
    }
    await options.pause(PAUSE_MS)
  }
  throw new Fault('store_busy', { retryAfterMs: CLAIM_MS })
}

/** The CAs that issue for every account, by purpose, as far as they have been made. */
export function* publicIssuers(view: View): Program<ReadonlyMap<PublicPurpose, AuthorityRecord>> {
  const operator = yield* view.runtime.setting('operator-account')
  if (operator === undefined) return new Map()
  const all = yield* view.authorities.ofAccount(accountId(Number(operator)), 'installation')
  const found = new Map<PublicPurpose, AuthorityRecord>()
  for (const purpose of publicPurposes) {
    const issuing = ofPurpose(all, purpose).findLast(({ role }) => role === 'issuing')
    if (issuing !== undefined) found.set(purpose, issuing)
  }
  return found
}

function ofPurpose(all: readonly AuthorityRecord[], purpose: PublicPurpose): readonly AuthorityRecord[] {
  return all.filter(
    ({ strictness, profile, status }) =>
      strictness === 'public-tls' && profile === leafProfiles[purpose] && status === 'active',
  )
}

type Present =
  | (PublicHierarchy & { readonly owner: AccountRecord; readonly country: string })
  | {
      readonly owner: AccountRecord
      readonly country: string
      readonly root: AuthorityRecord | undefined
      readonly issuing: undefined
    }

/** What of the hierarchy is there; its root alone after a crash between the two. */
async function presentHierarchy(engine: Engine, purpose: PublicPurpose): Promise<Present> {
  return engine.store.read(function* (view) {
    const operator = yield* view.runtime.setting('operator-account')
    if (operator === undefined) throw new Fault('authority_unusable', {})
    const owner = yield* loadAccount(view, engine.sealer, accountId(Number(operator)))
    const policy = yield* view.collection(accountPolicies).byId(owner.id, owner.id)
    const country = (policy?.defaultCountry ?? 'us').toUpperCase()
    const all = yield* view.authorities.ofAccount(owner.id, 'installation')
    const ours = ofPurpose(all, purpose)
    // The newest is the one that counts: a CA renewed with a new key stands beside the old one.
    const issuing = ours.findLast(({ role }) => role === 'issuing')
    const root =
      issuing === undefined
        ? ours.findLast(({ role }) => role === 'root')
        : all.find(({ id }) => id === issuing.parentId)
    if (issuing === undefined) return { owner, country, root, issuing }
    if (root === undefined) throw new Fault('authority_unusable', {})
    return { owner, country, root, issuing }
  })
}

/** Makes what is missing; looks again, because whoever had the claim before may have made all of it. */
async function completeHierarchy(engine: Engine, purpose: PublicPurpose): Promise<PublicHierarchy> {
  const present = await presentHierarchy(engine, purpose)
  if (present.issuing !== undefined) return { root: present.root, issuing: present.issuing }
  const { owner, country } = present
  const common = {
    accountId: owner.id,
    origin: 'installation',
    keyKind,
    strictness: 'public-tls',
    // Nothing beyond the requirements: no internal names, no keys made here, no hold.
    grants: {},
    leafProfile: leafProfiles[purpose],
    contactEmail: owner.email,
  } as const
  const root =
    present.root ??
    (await createAuthority(
      engine,
      {
        ...common,
        parentId: null,
        profile: publicRoot,
        role: 'root',
        name: `Public ${titles[purpose]} Root CA`,
        subject: subjectOf(owner, country, `${titles[purpose]} Root CA`),
      },
      systemCaller,
    ))
  const issuing = await createAuthority(
    engine,
    {
      ...common,
      parentId: root.id,
      profile: publicIssuingAuthorities[purpose],
      role: 'issuing',
      name: `Public ${titles[purpose]} CA`,
      subject: subjectOf(owner, country, `${titles[purpose]} CA`),
    },
    systemCaller,
  )
  return { root, issuing }
}

/** TLS BR section 7.1.2.10.2: country, organization and common name. */
function subjectOf(owner: AccountRecord, country: string, title: string) {
  const organization = (owner.name === '' ? owner.email : owner.name).slice(0, 64)
  return [
    { type: oids.countryName, value: country },
    { type: oids.organizationName, value: organization },
    // RFC 5280 appendix A.1 allows 64 characters.
    { type: oids.commonName, value: `${organization.slice(0, 64 - title.length - 1)} ${title}` },
  ]
}
