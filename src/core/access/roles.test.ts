import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiKeyRoles } from '../accounts/account.ts'
import { permissions } from './permissions.ts'
import { permissionsOf, roleCodes, roles, rolesOfUser } from './roles.ts'

test('an administrator of an account may do everything', () => {
  assert.deepEqual(permissionsOf(rolesOfUser('administrator')), new Set(permissions))
})

test('no other role of an account may manage CAs or recover keys', () => {
  for (const role of apiKeyRoles.filter((each) => each !== 'administrator')) {
    const allowed = permissionsOf(rolesOfUser(role))
    assert.equal(allowed.has('MANAGE_CM_CA'), false, role)
    assert.equal(allowed.has('RECOVER_EM_CERTIFICATE'), false, role)
  }
})

test('a role allows what belongs to its application only', () => {
  const marks = { account_manager: '_AM_', enterprise_manager: '_EM_', ca_manager: '_CM_' }
  for (const code of roleCodes) {
    const { application, permissions: allowed } = roles[code]
    assert.ok(allowed.length > 0, code)
    for (const permission of allowed)
      assert.ok(permission.includes(marks[application]), `${code} ${permission}`)
  }
})

test('view-only roles allow nothing that changes anything', () => {
  for (const code of ['AM_VIEW_ONLY', 'EM_VIEW_ONLY', 'CM_READ_ONLY'] as const) {
    assert.ok(
      roles[code].permissions.every((permission) => permission.startsWith('VIEW_')),
      code,
    )
  }
})
