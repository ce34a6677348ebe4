import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeGeneralName } from './general-names.ts'
import { userPrincipalName, userPrincipalNameText } from './user-principal-name.ts'

test('a user principal name is an otherName with a UTF8String, and is read back', () => {
  const name = userPrincipalName('ada@corp.example')
  assert.equal(
    Buffer.from(encodeGeneralName(name)).toString('hex'),
    `a020060a2b060104018237140203a0120c10${Buffer.from('ada@corp.example').toString('hex')}`,
  )
  assert.equal(userPrincipalNameText(name), 'ada@corp.example')
  assert.equal(userPrincipalNameText({ ...name, oid: '1.2.3' }), undefined)
  assert.equal(userPrincipalNameText({ type: 'dns', value: 'ada@corp.example' }), undefined)
})
