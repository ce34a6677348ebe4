import { type ApiKeyRole, apiKeyRoles } from '../accounts/account.ts'

/** What a container is made from: which roles its users may have. */
export interface ContainerTemplate {
  readonly id: number
  readonly name: string
  readonly roles: readonly ApiKeyRole[]
}

/** Template of root containers. */
export const rootTemplateId = 1

export const templates: readonly ContainerTemplate[] = [
  { id: rootTemplateId, name: 'Full division', roles: apiKeyRoles },
  { id: 2, name: 'Ordering division', roles: ['administrator', 'standard', 'limited'] },
]

export function templateOf(id: number): ContainerTemplate | undefined {
  return templates.find((template) => template.id === id)
}
