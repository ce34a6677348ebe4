import { createPublicKey } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { type Certificate, parseCertificate } from '../../pki/certificate.ts'
import { findExtension } from '../../pki/extensions/extension.ts'
import { parseSubjectKeyIdentifier } from '../../pki/extensions/key-identifiers.ts'
import { type NameConstraints, parseNameConstraints } from '../../pki/extensions/name-constraints.ts'
import { oids } from '../../pki/oids.ts'
import type { AuthorityId } from '../brand.ts'
import type { Log } from '../environment.ts'
import { Fault } from '../faults.ts'
import type { KeyRecord } from '../keys/key-record.ts'
import type { KeyService } from '../keys/key-service.ts'
import { type IssuerFacts, leafExtensions } from '../profiles/extensions.ts'
import type { Store } from '../store/store.ts'
import type { AuthorityRecord } from './authority.ts'
import { authoritiesAbove } from './authority-chain.ts'
import type { Issuer, LeafTemplate } from './issuer.ts'
import { issuesLeaves } from './issues-leaves.ts'
import { compileLeafTemplate } from './leaf-template.ts'

/** The CAs of this process, opened once and dropped when any process changes one. */
export interface Directory {
  /**
   * A CA ready to sign, whatever its status; at once when it is remembered.
   * @throws Fault authority_unknown; authority_unusable when its record cannot be opened
   */
  issuer(id: AuthorityId): Issuer | Promise<Issuer>
  /** Has any CA changed since this one was opened? */
  isStale(issuer: Issuer): boolean
}

/** What a directory is built from. */
export interface DirectoryParts {
  readonly store: Store
  readonly keyService: KeyService
  readonly publicUrl: string
  readonly log: Log
}

/** CAs kept open at once; the least recently used is closed first. */
const REMEMBERED = 1_000

export function createDirectory(parts: DirectoryParts): Directory {
  const remembered = new LRUCache<AuthorityId, Issuer>({ max: REMEMBERED })
  let epoch = -1

  return {
    issuer(id) {
      const current = parts.store.configurationEpoch()
      if (current !== epoch) {
        remembered.clear()
        epoch = current
      }
      return remembered.get(id) ?? open(id, current)
    },
    isStale: (issuer) => issuer.epoch !== parts.store.configurationEpoch(),
  }

  async function open(id: AuthorityId, openedAt: number): Promise<Issuer> {
    const found = await parts.store.read(function* (view) {
      const record = yield* view.authorities.byId(id)
      if (record === undefined || record.status === 'pending') return undefined
      const key = yield* view.keys.byId(record.keyId)
      const operator = yield* view.runtime.setting('operator-account')
      return { record, key, above: yield* authoritiesAbove(view, record), operator }
    })
    if (found === undefined) throw new Fault('authority_unknown', {})
    const issuer = openIssuer(parts, found, openedAt)
    // What was read before a change must not outlive it.
    if (openedAt === epoch) remembered.set(id, issuer)
    return issuer
  }
}

/** A CA as it stands in the store. */
interface Found {
  readonly record: AuthorityRecord
  readonly key: KeyRecord | undefined
  /** The CAs above it, root last. */
  readonly above: readonly AuthorityRecord[]
  /** Account of the operator, once there is one. */
  readonly operator: string | undefined
}

function openIssuer(parts: DirectoryParts, found: Found, epoch: number): Issuer {
  try {
    return checkedIssuer(parts, found, epoch)
  } catch (cause) {
    parts.log.error({ authority: found.record.id, cause }, 'the record of a CA cannot be opened')
    throw new Fault('authority_unusable', {}, { cause })
  }
}

/** Everything read from storage is input: certificate, name and key have to belong to each other. */
function checkedIssuer(
  parts: DirectoryParts,
  { record: authority, key, above, operator }: Found,
  epoch: number,
): Issuer {
  if (key === undefined || key.purpose !== 'authority') throw new Error('no key record of a CA')
  const certificate = parseCertificate(authority.certificateDer)
  if (!equal(certificate.subjectDer, authority.subjectDer)) throw new Error('certificate of another name')
  if (!equal(certificate.spki.der, authority.spkiDer)) throw new Error('certificate of another key')
  if (!equal(key.spkiDer, authority.spkiDer)) throw new Error('key record of another key')
  const keyIdentifier = findExtension(certificate.extensions, oids.subjectKeyIdentifier)
  if (keyIdentifier === undefined) throw new Error('certificate without a key identifier')
  const chain = [certificate, ...above.map((each) => parseCertificate(each.certificateDer))]
  const facts: IssuerFacts = {
    id: authority.id,
    crlShards: authority.crlShards,
    keyIdentifier: parseSubjectKeyIdentifier(keyIdentifier.value),
    publicUrl: parts.publicUrl,
  }
  const templates = new Map<string, LeafTemplate>()
  return {
    authority,
    epoch,
    signer: parts.keyService.signer(key, authority.signatureAlgorithm),
    publicKey: createPublicKey({ key: Buffer.from(authority.spkiDer), format: 'der', type: 'spki' }),
    keyIdentifier: facts.keyIdentifier,
    nameConstraints: chain.flatMap(nameConstraintsOf),
    issuesLeaves: issuesLeaves(authority, certificate),
    installationWide: isInstallationWide(authority, operator),
    template(profile, keyClass, shard) {
      const name = `${profile.id}/${profile.version}/${keyClass}/${shard}`
      let template = templates.get(name)
      if (template === undefined) {
        template = compileLeafTemplate(authority, profile, leafExtensions(profile, keyClass, facts, shard))
        templates.set(name, template)
      }
      return template
    },
  }
}

/** All three: no account makes itself a CA that others use, and the operator's private ones stay the operator's. */
function isInstallationWide(authority: AuthorityRecord, operator: string | undefined): boolean {
  return (
    authority.strictness === 'public-tls' &&
    authority.origin === 'installation' &&
    String(authority.accountId) === operator
  )
}

function nameConstraintsOf({ extensions }: Certificate): readonly NameConstraints[] {
  const constraints = findExtension(extensions, oids.nameConstraints)
  return constraints === undefined ? [] : [parseNameConstraints(constraints.value)]
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0
}
