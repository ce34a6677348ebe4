import type { Container } from '../../../core/identity/container.ts'
import type { Members } from '../reply.ts'

/** A container as other objects show it. */
export function containerSummary(container: Container): Members {
  return { id: container.id, name: container.name, is_active: container.isActive }
}

/** A container by itself. Organizations are in containers rather than assigned to them. */
export function containerView(container: Container): Members {
  return {
    ...ownContainerView(container),
    allowed_domain_names: container.allowedDomainNames,
    organization_assignments: [],
  }
}

/** A container as a user's own: callers refuse members that they do not know here. The root has 0 for a parent. */
export function ownContainerView(container: Container): Members {
  return {
    id: container.id,
    public_id: container.publicId,
    name: container.name,
    description: container.description === '' ? undefined : container.description,
    parent_id: container.parentId ?? 0,
    template_id: container.templateId,
    ekey: container.ekey,
    has_logo: false,
    is_active: container.isActive,
  }
}
