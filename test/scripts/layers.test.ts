import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { checkLayers } from '../../scripts/layers/check.mjs'
import { temporaryFolder } from '../support/tmp.ts'

/** `file:line: rule` of each rule that a project of these files breaks. */
function violations(t: TestContext, files: Readonly<Record<string, string>>): string[] {
  const root = temporaryFolder(t, 'layers')
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), source)
  }
  return checkLayers(root).violations.map(({ file, line, rule }) => `${file}:${line}: ${rule}`)
}

const broken: readonly [file: string, source: string, rule: RegExp][] = [
  ['src/pki/a.ts', "import '../core/b.ts'", /src\/pki imports nothing, not src\/core/],
  ['src/pki/a.ts', "import { readFileSync } from 'node:fs'", /src\/pki imports .* not "node:fs"/],
  ['src/pki/a.ts', "import 'tr46'", /src\/pki imports nothing from npm, not "tr46"/],
  ['src/pki/a.ts', "import { hash, randomBytes } from 'node:crypto'", /"node:crypto", not "randomBytes"/],
  ['src/pki/a.ts', "import * as crypto from 'node:crypto'", /"node:crypto", not "\*"/],
  ['src/pki/a.ts', 'const now = Date.now()', /src\/pki is pure: "Date\.now"/],
  ['src/pki/a.ts', 'const now = new Date()', /src\/pki is pure: "newDate\(\)"/],
  [
    'src/core/a.ts',
    "import type { B } from '../store/b.ts'",
    /src\/core imports only src\/pki, not src\/store/,
  ],
  ['src/core/a.ts', "export * from '../faces/x/b.ts'", /not src\/faces/],
  ['src/core/a.ts', "const b = await import('../keys/b.ts')", /not src\/keys/],
  ['src/core/a.ts', "import { request } from 'node:http'", /src\/core imports .* not "node:http"/],
  ['src/core/a.ts', "import { connect } from 'node:net'", /not "node:net"/],
  ['src/core/a.ts', "import fastify from 'fastify'", /src\/core imports .* from npm, not "fastify"/],
  ['src/core/a.ts', "import { setTimeout } from 'node:timers/promises'", /not "setTimeout"/],
  ['src/core/a.ts', 'const folder = process.env.HOME', /src\/core is pure: "process\."/],
  ['src/core/a.ts', 'const b = import(name)', /named by a plain string/],
  ['src/store/a.ts', "import '../keys/b.ts'", /src\/store imports only src\/core, src\/pki, not src\/keys/],
  ['src/keys/a.ts', "import '../store/b.ts'", /not src\/store/],
  ['src/net/a.ts', "import '../store/b.ts'", /src\/net imports only src\/core, src\/pki, not src\/store/],
  ['src/core/a.ts', "import '../net/b.ts'", /src\/core imports only src\/pki, not src\/net/],
  ['src/faces/x/a.ts', "import '../../net/b.ts'", /not src\/net/],
  ['src/jobs/a.ts', "import packet from 'dns-packet'", /only src\/net imports "dns-packet"/],
  ['src/faces/x/a.ts', "import 'nodemailer'", /only src\/net imports "nodemailer"/],
  ['src/store/a.ts', "import { createSocket } from 'node:dgram'", /only src\/net imports "node:dgram"/],
  ['src/jobs/a.ts', "import '../store/b.ts'", /not src\/store/],
  ['src/cli/a.ts', "import '../faces/x/b.ts'", /not src\/faces/],
  ['src/cli/a.ts', "import '../server/b.ts'", /not src\/server/],
  ['src/faces/x/a.ts', "import '../y/b.ts'", /faces do not import each other: src\/faces\/y/],
  ['src/faces/shared.ts', "import './y/b.ts'", /faces do not import each other/],
  ['src/faces/x/a.ts', "import { sql } from 'kysely'", /only src\/store imports "kysely"/],
  ['src/jobs/a.ts', "import { Client } from 'pg'", /only src\/store imports "pg"/],
  ['src/keys/a.ts', "import { DatabaseSync } from 'node:sqlite'", /only src\/store imports "node:sqlite"/],
  ['src/server/a.ts', "import '../main.ts'", /nothing imports src\/main\.ts/],
  ['test/a.test.ts', "import '../src/main.ts'", /nothing imports src\/main\.ts/],
  ['src/core/a.ts', "import '../../test/support/b.ts'", /only tests import tests/],
  ['src/core/a.ts', "import './b.test.ts'", /only tests import tests/],
  ['src/core/a.ts', "import '../../scripts/b.mjs'", /nothing from outside src/],
  ['src/helpers/a.ts', "import '../pki/b.ts'", /src\/helpers is no layer/],
]

for (const [file, source, rule] of broken) {
  test(`${file} with ${source} is reported with its line and rule`, (t) => {
    const [only, ...others] = violations(t, { [file]: `\n${source}\n` })
    assert.match(only ?? '', rule)
    assert.equal(only?.startsWith(`${file}:2: `), true)
    assert.deepEqual(others, [])
  })
}

test('imports that point the right way, tests that reach further, and the shared files of faces pass', (t) => {
  assert.deepEqual(
    violations(t, {
      'src/pki/a.ts': "import { hash } from 'node:crypto'\nconst then = new Date(0)\nserver.process.start()",
      'src/pki/a.test.ts': "import { readFileSync } from 'node:fs'\nimport '../store/a.ts'\nDate.now()",
      'src/core/a.ts': "import '../pki/a.ts'\nimport { setImmediate } from 'node:timers/promises'",
      'src/store/a.ts': "import '../core/a.ts'\nimport '../pki/a.ts'\nimport { sql } from 'kysely'",
      'src/net/a.ts': "import '../core/a.ts'\nimport '../pki/a.ts'\nimport 'dns-packet'\nimport 'node:dgram'",
      'src/faces/x/a.ts': "import '../shared.ts'\nimport './b.ts'\nimport '../../core/a.ts'",
      'src/faces/x/b.ts': '',
      'src/faces/shared.ts': "import '../core/a.ts'",
      'src/server/a.ts':
        "import '../store/a.ts'\nimport '../net/a.ts'\nimport '../faces/x/a.ts'\nimport '../cli/a.ts'",
      'src/cli/a.ts': "import '../core/a.ts'",
      'src/main.ts': "import './server/a.ts'\nimport './cli/a.ts'",
      'test/a.test.ts': "import '../src/store/a.ts'",
      'bench/a.ts': "import '../test/support/a.ts'\nimport '../src/store/a.ts'",
    }),
    [],
  )
})

test('files that import each other in a circle are reported once, as the way round', (t) => {
  assert.deepEqual(
    violations(t, {
      'src/core/a.ts': "import './b.ts'",
      'src/core/b.ts': "import type { C } from './c.ts'",
      'src/core/c.ts': "import './a.ts'",
      'src/core/d.ts': "import './a.ts'",
    }),
    [
      'src/core/a.ts:1: files import each other: src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts',
    ],
  )
})
