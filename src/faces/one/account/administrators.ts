import { users } from '../../../core/identity/user.ts'
import type { Call } from '../call.ts'
import { uuidOf } from '../ids.ts'

const shownAtMost = 100

/** The people who administer the account, as views of it and of its business units name them. */
export async function administratorsOf({ engine, account }: Call) {
  const found = await engine.store.read((view) =>
    view.collection(users).withValue(account.id, 'role', 'administrator', shownAtMost),
  )
  return found
    .filter(({ status, isApiOnly }) => status === 'active' && !isApiOnly)
    .map(({ id, firstName, lastName, email }) => ({
      id: uuidOf('user', id),
      name: `${firstName} ${lastName}`.trim(),
      email,
    }))
}
