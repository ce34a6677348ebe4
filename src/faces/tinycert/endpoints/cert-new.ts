import { tinycertGrants } from '../../../core/authorities/grants.ts'
import { issueCertificate } from '../../../core/certificates/issue.ts'
import { checkAlternativeNames } from '../../../core/policy/names/alternative-names.ts'
import { defaultNameLimits, nameRules } from '../../../core/policy/names/name-rules.ts'
import { checkSubject } from '../../../core/policy/names/subject.ts'
import { tinycertLeaf } from '../../../core/profiles/tinycert.ts'
import { readAlternativeNames } from '../alternative-names.ts'
import { sessionEndpoint } from '../endpoint.ts'
import { keyKindOf } from '../hash-method.ts'
import { ownAuthority } from '../own-objects.ts'
import { requiredId } from '../parameters.ts'
import { exactly, refuseEarly } from '../rate-limit.ts'
import { objectReply } from '../reply.ts'
import { readSubject } from '../subject.ts'

/**
 * Makes a key pair and a certificate of one year over it. The common name is free text and is not copied into
 * the alternative names.
 */
export const certNew = sessionEndpoint('cert/new', ['ca_id', 'C', 'CN', 'O'], async (call) => {
  const { engine, session, fields, caller } = call
  const { account } = session
  const id = requiredId(fields, 'ca_id')
  const subject = checkSubject(
    readSubject(fields, ['C', 'CN', 'O'], ['OU', 'L', 'ST']),
    tinycertLeaf.subjectAttributes,
  )
  const names = readAlternativeNames(fields)
  // Values come before objects in the order of checks, so they are judged before the CA is looked up. Which CA
  // it is makes no difference: all of this face have the same grants and no constraints.
  checkAlternativeNames(
    names,
    nameRules(tinycertLeaf, tinycertGrants, [], {
      ...defaultNameLimits,
      alternativeNames: engine.settings.maximumNames,
    }),
  )
  const authority = await ownAuthority(call, id)
  await refuseEarly(engine, 'certificates', account)
  const certificate = await issueCertificate(
    engine,
    {
      accountId: account.id,
      authorityId: authority.id,
      origin: 'tinycert',
      key: { from: 'server', kind: keyKindOf(account.settings), vaultKey: session.vaultKey },
      names,
      subject,
      whileReserving: exactly(engine, 'certificates', account),
    },
    caller,
  )
  return objectReply({ cert_id: certificate.id })
})
