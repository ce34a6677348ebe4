// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the sources under test are strings here
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importsOf } from '../../scripts/layers/imports.mjs'
import { tokensOf } from '../../scripts/layers/tokens.mjs'

/** `line specifier names…` of each import, `?` for a specifier that is computed. */
function found(source: string): string[] {
  return importsOf(tokensOf(source)).map(({ line, specifier, names }) =>
    [line, specifier ?? '?', ...names].join(' '),
  )
}

const statements: readonly [source: string, expected: readonly string[]][] = [
  ["import './a.ts'", ['1 ./a.ts']],
  ["import a from './a.ts'", ['1 ./a.ts default']],
  ['import { a, b as c } from "./a.ts"', ['1 ./a.ts a b']],
  ["import * as a from './a.ts'", ['1 ./a.ts *']],
  ["import a, { b } from './a.ts'", ['1 ./a.ts default b']],
  ["import type { A } from './a.ts'", ['1 ./a.ts A']],
  ["import type A from './a.ts'", ['1 ./a.ts default']],
  ["import type * as A from './a.ts'", ['1 ./a.ts *']],
  ["import { type A, type as b, from } from './a.ts'", ['1 ./a.ts A type from']],
  ["import {\n  a,\n  // why\n  b,\n} from './a.ts'", ['1 ./a.ts a b']],
  ["import data from './a.json' with { type: 'json' }", ['1 ./a.json default']],
  ["export * from './a.ts'", ['1 ./a.ts *']],
  ["export * as a from './a.ts'", ['1 ./a.ts *']],
  ["export { a, type B } from './a.ts'", ['1 ./a.ts a B']],
  ["export type { A } from './a.ts'", ['1 ./a.ts A']],
  ["\n\nconst a = await import('./a.ts')", ['3 ./a.ts *']],
  ["type A = import('./a.ts').A", ['1 ./a.ts *']],
  ['const a = import(`./a.ts`)', ['1 ./a.ts *']],
  ['const a = import(`./' + '${name}.ts`)', ['1 ? *']],
  ['const a = import(name)', ['1 ? *']],
  ["const a = import('./' + name)", ['1 ? *']],
  ["import a from '\\u002e/a.ts'", ['1 ? default']],
  ["const a = `${await import('./a.ts')}`", ['1 ./a.ts *']],
  ["const a = `x${`y${{ b: '}' }}`}`\nimport './a.ts'", ['2 ./a.ts']],
  ["const a = /['\"`/*]/\nimport './a.ts'", ['2 ./a.ts']],
  ["const a = b / c / d\nimport './a.ts' // /", ['2 ./a.ts']],
  ["const a = '\\''\nimport './a.ts'", ['2 ./a.ts']],
  ["#!/usr/bin/env node\nimport './a.ts'", ['2 ./a.ts']],
]

for (const [source, expected] of statements) {
  test(`${JSON.stringify(source)} imports ${expected.join(', ')}`, () => {
    assert.deepEqual(found(source), expected)
  })
}

const noStatements = [
  "// import './a.ts'",
  "/* import './a.ts'\nimport './b.ts' */",
  '/* import',
  'const a = "import \'./a.ts\'"',
  "const a = `import './a.ts'`",
  "const a = /import '.\\/a.ts'/",
  'const a = import.meta.url',
  "a.import('./a.ts')",
  "const a = { import: './a.ts' }",
  'export const from = 1',
  "export type From = './a.ts'",
  "export { a }\nconst b = './a.ts'",
  "Array.from('./a.ts')",
]

for (const source of noStatements) {
  test(`${JSON.stringify(source)} imports nothing`, () => {
    assert.deepEqual(found(source), [])
  })
}
