import {
  type CustomFieldRequest,
  changeCustomField,
  createCustomFields,
  customFieldsOf,
  deleteCustomField,
} from '../../../core/identity/change-custom-fields.ts'
import { type CustomField, customFieldTypes } from '../../../core/identity/custom-field.ts'
import type { Reader } from '../reader.ts'
import { textOrAbsent } from '../render.ts'
import { created, done, listed, type Members, ok } from '../reply.ts'
import { defineRoute, type Route } from '../route.ts'

const manage = { resource: 'custom-fields', right: 'manage', tier: 'B' } as const

/** Custom fields (metadata) that orders of the account carry. */
export const customFieldRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/account/metadata',
    resource: 'custom-fields',
    right: 'view',
    tier: 'A',
    async handler({ engine, account }) {
      const fields = await engine.store.read((view) => customFieldsOf(view, account.id))
      return fields.length === 0 ? ok({}) : listed('metadata', fields.map(fieldView))
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/account/metadata',
    async handler({ engine, account, caller, body }) {
      const request = readField(body)
      body.check()
      const [field] = await createCustomFields(engine, account.id, [request], caller)
      return created({ id: field?.id })
    },
  }),
  defineRoute({
    ...manage,
    method: 'POST',
    path: '/account/metadata/bulk',
    async handler({ engine, account, caller, body }) {
      if (!body.has('metadata')) body.require('metadata')
      const requests = body.objects('metadata').map(readField)
      body.check()
      const fields = await createCustomFields(engine, account.id, requests, caller)
      return created({ metadata: fields.map(({ id, label }) => ({ id, label })) })
    },
  }),
  defineRoute({
    ...manage,
    method: 'PUT',
    path: '/account/metadata/:id',
    async handler(call) {
      const { engine, account, caller, body } = call
      const id = call.pathId('id', 'custom-field')
      const changes = readFieldChanges(body)
      body.check()
      return ok(fieldView(await changeCustomField(engine, account.id, id, changes, caller)))
    },
  }),
  defineRoute({
    ...manage,
    method: 'DELETE',
    path: '/account/metadata/:id',
    async handler(call) {
      await deleteCustomField(call.engine, call.account.id, call.pathId('id', 'custom-field'), call.caller)
      return done
    },
  }),
]

function readField(body: Reader): CustomFieldRequest {
  return {
    label: body.requiredText('label', { longest: 100 }),
    description: '',
    isRequired: false,
    isActive: true,
    type: 'anything',
    showInReceipt: false,
    ...readFieldChanges(body),
  }
}

function readFieldChanges(body: Reader): Partial<CustomFieldRequest> {
  const label = body.text('label', { longest: 100 })
  const description = body.text('description', { longest: 1000, multiline: true })
  const isRequired = body.flag('is_required')
  const isActive = body.flag('is_active')
  const type = body.choice('data_type', customFieldTypes)
  const showInReceipt = body.flag('show_in_receipt')
  return {
    ...(label !== undefined && { label }),
    ...(description !== undefined && { description }),
    ...(isRequired !== undefined && { isRequired }),
    ...(isActive !== undefined && { isActive }),
    ...(type !== undefined && { type }),
    ...(showInReceipt !== undefined && { showInReceipt }),
  }
}

/** A field without a type takes anything and shows none. */
function fieldView(field: CustomField): Members {
  return {
    id: field.id,
    label: field.label,
    is_required: field.isRequired,
    is_active: field.isActive,
    data_type: field.type === 'anything' ? undefined : field.type,
    description: textOrAbsent(field.description),
    show_in_receipt: field.showInReceipt ? true : undefined,
  }
}
