import { createAuthority } from '../../../core/authorities/create-authority.ts'
import { tinycertGrants } from '../../../core/authorities/grants.ts'
import { Fault } from '../../../core/faults.ts'
import { attributeLimits, checkSubject } from '../../../core/policy/names/subject.ts'
import { tinycertAuthority } from '../../../core/profiles/authorities.ts'
import { tinycertLeaf } from '../../../core/profiles/tinycert.ts'
import { oids } from '../../../pki/oids.ts'
import { sessionEndpoint } from '../endpoint.ts'
import { readHashMethod } from '../hash-method.ts'
import { exactly, refuseEarly } from '../rate-limit.ts'
import { objectReply } from '../reply.ts'
import { readSubject, type SubjectAttribute } from '../subject.ts'

const organizationalUnit = 'Secure Digital Certificate Signing'

/** Makes a CA. Its name beyond C, ST, L and O, its key and its lifetime are not for the caller to choose. */
export const caNew = sessionEndpoint('ca/new', ['C', 'O', 'hash_method'], async (call) => {
  const { engine, session, fields, caller } = call
  const { account } = session
  const given = checkSubject(
    readSubject(fields, ['C', 'O'], ['L', 'ST']),
    tinycertAuthority.subjectAttributes,
  )
  const organization = organizationOf(given)
  const signing = readHashMethod(fields, account.settings)
  await refuseEarly(engine, 'authorities', account)
  const authority = await createAuthority(
    engine,
    {
      accountId: account.id,
      parentId: null,
      profile: tinycertAuthority,
      role: 'root',
      origin: 'tinycert',
      name: organization,
      subject: [
        ...given,
        { type: oids.organizationalUnitName, value: organizationalUnit },
        { type: oids.commonName, value: commonNameOf(organization) },
      ],
      ...signing,
      strictness: 'private-tls',
      grants: signing.signatureAlgorithm === 'rsa-sha1' ? { ...tinycertGrants, sha1: true } : tinycertGrants,
      leafProfile: tinycertLeaf.id,
      contactEmail: account.email,
      writesContact: true,
      whileReserving: exactly(engine, 'authorities', account),
    },
    caller,
  )
  return objectReply({ ca_id: authority.id })
})

const commonNameOf = (organization: string): string => `${organization} CA`

/** @throws Fault name_refused when the common name made from it would be too long */
function organizationOf(given: readonly SubjectAttribute[]): string {
  const organization = given.find(({ type }) => type === oids.organizationName)?.value ?? ''
  const longest = attributeLimits.get(oids.commonName) ?? 64
  if ([...commonNameOf(organization)].length > longest) {
    throw new Fault('name_refused', { parameter: 'O', value: organization, defect: 'too-long' })
  }
  return organization
}
