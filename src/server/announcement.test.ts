import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { announcement } from './announcement.ts'
import { readConfiguration } from './configuration/configuration.ts'
import { openDataFolder } from './data-folder.ts'

test('a database by address is mentioned for the commands, and its password is not printed', (context) => {
  const data = temporaryFolder(context, 'announcement')
  const words = (flags: Record<string, string>) => {
    const configuration = readConfiguration({ data, ...flags }, {})
    return announcement(configuration, openDataFolder(data, false), false)
  }
  const url = 'postgres://ca:sesame@127.0.0.1/ca'
  assert.match(words({ 'database-url': url }), /CHANCERY_DATABASE_URL/)
  assert.doesNotMatch(words({ 'database-url': url }), /sesame/)
  assert.doesNotMatch(words({}), /CHANCERY_DATABASE_URL/)
})
