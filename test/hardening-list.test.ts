import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { hardeningCases } from './support/hardening-cases.ts'

const root = resolve(import.meta.dirname, '..')

/**
 * Case numbers that stand at the start of a title: of a literal that begins with them, after the name of a store or
 * other subject where one is put before it. Titles of tables count as those of `test` do.
 */
const numbersAtStart = /(?<=['"`](?:\$\{[\w.]+\}: )?)(?:[KNVDPRSX]\d{1,2} )+/g

/** Files of the default test run that name each case. */
function casesInTitles(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const file of globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root })) {
    if (file.startsWith('test/long/')) continue
    const text = readFileSync(resolve(root, file), 'utf8')
    for (const [numbers] of text.matchAll(numbersAtStart)) {
      for (const number of numbers.trim().split(' ')) {
        const files = found.get(number) ?? new Set()
        found.set(number, files.add(file))
      }
    }
  }
  return found
}

test('every case of the list has a test with its number at the start of the title', (context) => {
  const found = casesInTitles()
  const missing = hardeningCases.filter((number) => !found.has(number))
  assert.deepEqual(missing, [], `no test for ${missing.join(', ')}`)
  context.diagnostic(`${hardeningCases.length} cases, ${found.size} numbers in titles`)
})

test('the list names each case once', () => {
  assert.equal(new Set(hardeningCases).size, hardeningCases.length)
})
