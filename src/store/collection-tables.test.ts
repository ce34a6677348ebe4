import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { collectionTables } from './migrations/index.ts'

interface Definition {
  readonly name: string
  readonly columns: Readonly<Record<string, string>>
  readonly unique?: readonly (readonly string[])[]
  readonly counted?: readonly string[]
  readonly terms?: unknown
  readonly scattered?: readonly string[]
}

function isDefinition(value: unknown): value is Definition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'columns' in value &&
    'values' in value &&
    'parse' in value
  )
}

/** Every collection that a module of src/core exports, under its name. */
async function definitionsOf(folder: URL): Promise<ReadonlyMap<string, Definition>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  )
  const modules: Readonly<Record<string, unknown>>[] = []
  for (const file of files) modules.push(await import(new URL(file.replaceAll('\\', '/'), folder).href))
  const found = modules.flatMap((each) => Object.values(each)).filter(isDefinition)
  return new Map(found.map((definition) => [definition.name, definition]))
}

const shapeOf = ({ columns, unique = [] }: Pick<Definition, 'columns' | 'unique'>) => ({
  columns: Object.fromEntries(Object.entries(columns).sort()),
  unique: unique.map((set) => set.join()).sort(),
})

test('every collection has a table of its columns, and every table of a collection its definition', async () => {
  const definitions = await definitionsOf(new URL('../core/', import.meta.url))
  const tables = collectionTables
  assert.deepEqual([...definitions.keys()].sort(), tables.map(({ name }) => name).sort())
  for (const table of tables) {
    const definition = definitions.get(table.name)
    assert.ok(definition !== undefined)
    assert.deepEqual(shapeOf(definition), shapeOf(table), table.name)
    assert.equal(definition.terms !== undefined, table.searched === true, `${table.name}: terms`)
    assert.deepEqual(definition.scattered ?? [], table.scattered ?? [], `${table.name}: scattered`)
    assert.equal(definition.counted !== undefined, table.counted === true, `${table.name}: counts`)
  }
})
