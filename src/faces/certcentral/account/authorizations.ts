import {
  permits,
  type Resource,
  type Right,
  type Rights,
  resources,
} from '../../../core/identity/permissions.ts'

const verbs: readonly Right[] = ['view', 'manage', 'approve']

/** What somebody may, as words: `view_orders`, `approve_requests`. */
export function authorizationsOf(rights: Rights): readonly string[] {
  return resources
    .filter((resource) => resource !== 'self')
    .flatMap((resource) =>
      verbs.filter((right) => permits(rights, resource, right)).map((right) => word(resource, right)),
    )
}

function word(resource: Resource, right: Right): string {
  return `${right}_${resource.replaceAll('-', '_')}`
}
