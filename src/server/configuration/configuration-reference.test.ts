import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { configurationReference } from './configuration-reference.ts'

test('docs/configuration.md is what the table of settings generates', () => {
  const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
  assert.equal(page, configurationReference(), 'run "npm run docs"')
})
