import { Fault } from '../faults.ts'
import type { Principal } from '../identity/principal.ts'
import { requireUser } from '../identity/sight.ts'
import { users } from '../identity/user.ts'
import type { Program } from '../store/program.ts'
import type { View } from '../store/store.ts'
import type { ContactPerson } from './organization.ts'

/** A person as a caller names him: a user of the account, or by what is known of him. */
export type PersonRequest = { readonly userId: number } | Omit<ContactPerson, 'userId'>

/**
 * The people that callers name, users with what is known of them now.
 * @param parameter where they stand in the request, for what is wrong with one
 * @throws Fault parameter_invalid for a user who is unknown or out of sight
 */
export function* peopleOf(
  view: Pick<View, 'collection'>,
  { account, scope }: Pick<Principal, 'account' | 'scope'>,
  requests: readonly PersonRequest[],
  parameter: string,
): Program<readonly ContactPerson[]> {
  const people: ContactPerson[] = []
  for (const request of requests) {
    if (!('userId' in request)) {
      people.push({ ...request, userId: null })
      continue
    }
    const user = yield* view.collection(users).byId(account.id, request.userId)
    people.push(personOf(requireNamedUser(scope, user, parameter)))
  }
  return people
}

function requireNamedUser(
  scope: Principal['scope'],
  user: Parameters<typeof requireUser>[1],
  parameter: string,
): ReturnType<typeof requireUser> {
  try {
    return requireUser(scope, user)
  } catch (cause) {
    throw new Fault('parameter_invalid', { parameter, reason: 'unknown user' }, { cause })
  }
}

function personOf({
  id,
  firstName,
  lastName,
  email,
  telephone,
  jobTitle,
}: ReturnType<typeof requireUser>): ContactPerson {
  return { userId: id, firstName, lastName, email, telephone, telephoneExtension: '', jobTitle }
}
