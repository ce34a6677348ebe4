import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeName } from '../../pki/names.ts'
import { oids } from '../../pki/oids.ts'
import { shownName } from './shown-name.ts'

const organization = { type: oids.organizationName, value: 'Example Shop Ltd' }

test('a CA is known by the common name of its subject, and where there is none by what people call it', () => {
  const commonName = { type: oids.commonName, value: 'Example Issuing CA 1' }
  assert.equal(
    shownName({ name: 'shops', subjectDer: encodeName([organization, commonName]) }),
    'Example Issuing CA 1',
  )
  assert.equal(shownName({ name: 'shops', subjectDer: encodeName([organization]) }), 'shops')
})
