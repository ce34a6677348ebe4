import type { Container } from '../../../core/identity/container.ts'
import type { User } from '../../../core/identity/user.ts'
import { containerSummary, ownContainerView } from '../containers/container-view.ts'
import { dateTimeOrAbsent, textOrAbsent } from '../render.ts'
import type { Members } from '../reply.ts'
import { roleView } from '../roles.ts'

/** A user as other objects show him. */
export function userSummary({ id, firstName, lastName, email }: User): Members {
  return { id, first_name: firstName, last_name: lastName, email }
}

/** @param containers those that the user is in or assigned to */
export function userView(user: User, containers: ReadonlyMap<number, Container>): Members {
  const home = containers.get(user.containerId)
  const seen = [user.containerId, ...user.containerAssignments].flatMap((id) => containers.get(id) ?? [])
  return {
    id: user.id,
    username: user.username,
    account_id: user.accountId,
    first_name: user.firstName,
    last_name: textOrAbsent(user.lastName),
    email: user.email,
    job_title: textOrAbsent(user.jobTitle),
    telephone: textOrAbsent(user.telephone),
    status: user.status,
    last_login_date: dateTimeOrAbsent(user.lastLoginAt),
    container: home === undefined ? undefined : ownContainerView(home),
    access_roles: [roleView(user.role)],
    type: 'standard',
    is_cert_central: true,
    is_enterprise: false,
    is_saml_sso_only: false,
    is_api_only: user.isApiOnly ? true : undefined,
    has_container_assignments: user.containerAssignments.length > 0,
    container_visibility: [...new Set(seen)].map(({ id, name }) => ({ id, name })),
    container_id_assignments: user.containerAssignments.length > 0 ? user.containerAssignments : undefined,
  }
}

/** A user in a list: on one line of CSV, too. */
export function userRow(user: User, containers: ReadonlyMap<number, Container>): Members {
  const home = containers.get(user.containerId)
  const { container_visibility: _seen, container: _home, ...members } = userView(user, containers)
  return { ...members, container: home === undefined ? undefined : containerSummary(home) }
}
