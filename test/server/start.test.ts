import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { type CommandResult, chancery, startServer } from '../support/process.ts'
import { temporaryFolder } from '../support/tmp.ts'

const refusedStart = async (args: readonly string[], env: Record<string, string> = {}) => {
  const result = await chancery(['serve', '--processes', '1', ...args], { env })
  assert.notEqual(result.status, 0, result.stdout)
  assert.doesNotMatch(result.stdout, /"msg":"ready"/)
  return result
}

/** The one line on standard error that says why the start was refused. */
const lineOf = ({ stderr }: CommandResult) => {
  const lines = stderr.trimEnd().split('\n')
  assert.equal(lines.length, 1, `one line, not: ${stderr}`)
  assert.match(lines[0] ?? '', /^chancery: /)
  assert.doesNotMatch(stderr, /\n\s+at /, 'no stack')
  return lines[0] ?? ''
}

describe('a data folder that was set up', () => {
  const folder = temporaryFolder({ after }, 'start')
  const data = join(folder, 'data')
  const listen = ['--data', data, '--listen', '127.0.0.1:0', '--tls-listen', '127.0.0.1:0']

  before(async () => {
    const result = await chancery([
      'account',
      'create',
      '--email',
      'first@example.test',
      '--data',
      data,
      '--json',
    ])
    assert.equal(result.status, 0, result.stderr)
  })

  test('a port that is taken is named, with its setting', async (context) => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    context.after(() => taken.close())
    const address = taken.address()
    assert.ok(typeof address === 'object' && address !== null)
    for (const flag of ['--listen', '--tls-listen']) {
      const line = lineOf(await refusedStart([...listen, flag, `127.0.0.1:${address.port}`]))
      assert.match(line, new RegExp(`127\\.0\\.0\\.1:${address.port} is taken: .*\\(${flag}\\)$`))
    }
  })

  test('an address of another machine is named', async () => {
    assert.match(
      lineOf(await refusedStart([...listen, '--listen', '192.0.2.1:0'])),
      /is not an address of this machine/,
    )
  })

  test('S15 a data folder that others may read is refused, or told of loudly by setting', async (context) => {
    chmodSync(data, 0o755)
    context.after(() => chmodSync(data, 0o700))
    assert.match(
      lineOf(await refusedStart(listen)),
      /has mode 0755 and is open to other users: run chmod 700/,
    )
    const server = await startServer(context, { dataFolder: data, args: ['--permissions', 'warn'] })
    assert.match(server.output(), /"level":"warn".*has mode 0755/)
    assert.equal(await server.stop(), 0)
  })

  test('S15 a master key that others may read is refused', async (context) => {
    const key = join(data, 'master.key')
    for (const mode of [0o640, 0o604]) {
      chmodSync(key, mode)
      assert.match(
        lineOf(await refusedStart(listen)),
        /master\.key" has mode 06.. and is open to other users/,
      )
    }
    context.after(() => chmodSync(key, 0o600))
  })

  test('a store without its master key is refused', async (context) => {
    const key = join(data, 'master.key')
    renameSync(key, `${key}.away`)
    context.after(() => renameSync(`${key}.away`, key))
    assert.match(lineOf(await refusedStart(listen)), /sealed under master key .* there is no such file/)
    assert.ok(!existsSync(key), 'no new key is made for an old store')
  })

  test('a store with the key of another is refused', async (context) => {
    const key = join(data, 'master.key')
    const right = readFileSync(key)
    context.after(() => writeFileSync(key, right))
    writeFileSync(
      key,
      right.toString().replace(/.\n$/, (end) => (end[0] === '0' ? '1\n' : '0\n')),
    )
    assert.match(lineOf(await refusedStart(listen)), /the file holds key/)
    writeFileSync(key, 'nonsense\n')
    assert.match(lineOf(await refusedStart(listen)), /is not a master key file/)
  })

  test('S11 a database that is newer than the program is refused', async (context) => {
    const database = new DatabaseSync(join(data, 'chancery.db'))
    database.exec("insert into schema_migration (number, name) values (9999, 'from the future')")
    context.after(() => {
      database.exec('delete from schema_migration where number = 9999')
      database.close()
    })
    assert.match(lineOf(await refusedStart(listen)), /newer/)
  })

  test('production data is never opened as a sandbox, by no command', async () => {
    assert.match(
      lineOf(await refusedStart([...listen, '--sandbox'])),
      /is for production and is never opened with --sandbox/,
    )
    const result = await chancery(['account', 'list', '--data', data], { env: { CHANCERY_SANDBOX: 'on' } })
    assert.equal(result.status, 1)
    assert.match(lineOf(result), /is for production/)
  })

  test('a configuration that cannot be read is refused with the file and the key', async (context) => {
    const file = join(data, 'config.yaml')
    context.after(() => renameSync(file, `${file}.away`))
    writeFileSync(file, 'crl:\n  dellay: 5s\n')
    assert.match(
      lineOf(await refusedStart(listen)),
      /config\.yaml: unknown key "crl\.dellay"; did you mean "crl\.delay"\?$/,
    )
    writeFileSync(file, 'crl: [1\n')
    assert.match(lineOf(await refusedStart(listen)), /config\.yaml: /)
  })

  test('a certificate of the listener without its own key is refused, and no key is shown', async () => {
    const other = await chancery(['issue', 'a.internal', '--out', join(folder, 'a'), '--data', data])
    const another = await chancery(['issue', 'b.internal', '--out', join(folder, 'b'), '--data', data])
    assert.equal(other.status + another.status, 0, other.stderr + another.stderr)
    const certificate = join(folder, 'a', 'cert.pem')
    const key = join(folder, 'b', 'key.pem')
    const result = await refusedStart([...listen, '--tls-cert', certificate, '--tls-key', key])
    assert.match(lineOf(result), /are not a certificate and its private key/)
  })
})

test('sandbox data is never opened without --sandbox, and its API keys say so', async (context) => {
  const data = join(temporaryFolder(context, 'sandbox'), 'data')
  const created = await chancery([
    'account',
    'create',
    '--email',
    'a@example.test',
    '--data',
    data,
    '--sandbox',
    '--json',
  ])
  assert.equal(created.status, 0, created.stderr)
  assert.match(JSON.parse(created.stdout).api_key, /^02[0-9a-f]{24}_[0-9a-f]{64}$/)
  const refused = await chancery(['account', 'list', '--data', data])
  assert.equal(refused.status, 1)
  assert.match(lineOf(refused), /this data folder is a sandbox: start with --sandbox/)
})

test('a data folder that is a file, or cannot be written, is named', async (context) => {
  const folder = temporaryFolder(context, 'start')
  const file = join(folder, 'file')
  writeFileSync(file, '')
  assert.match(lineOf(await refusedStart(['--data', file])), /is not a folder: choose another with --data/)
  assert.match(lineOf(await refusedStart(['--data', join(file, 'below')])), /--data/)
})

test('a folder of another user is refused', {
  skip: process.getuid?.() === 0 && 'NOT RUN: root may read every folder',
}, async (context) => {
  const data = join(temporaryFolder(context, 'start'), 'data')
  mkdirSync(data, { mode: 0o000 })
  assert.match(lineOf(await refusedStart(['--data', data])), /cannot be read and written by this user/)
})

test('a first start sets everything up, says so in plain words, and a second one finds it there', async (context) => {
  const data = join(temporaryFolder(context, 'first'), 'data')
  const first = await startServer(context, { dataFolder: data, processes: 2 })
  assert.equal(statSync(data).mode & 0o777, 0o700)
  for (const name of ['credentials.json', 'master.key', 'chancery.db', 'high-water.json']) {
    assert.equal(statSync(join(data, name)).mode & 0o777, 0o600, name)
  }
  assert.equal(await first.stop(), 0)
  const words = first.output()
  assert.match(words, /HTTP {3}http:\/\/127\.0\.0\.1:/)
  assert.match(words, /HTTPS {2}https:\/\/127\.0\.0\.1:/)
  assert.match(words, /The first credentials were written to .*credentials\.json \(mode 0600\)/)
  assert.match(words, /\n {2}npx chancery issue www\.example\.internal --out /)
  assert.equal(words.split('"msg":"ready"').length - 1, 1, 'exactly one line says ready')
  const credentials = JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8'))
  assert.deepEqual(Object.keys(credentials), [
    'account_id',
    'email',
    'tinycert_api_key',
    'passphrase',
    'api_key',
  ])
  for (const secret of [credentials.passphrase, credentials.api_key, credentials.tinycert_api_key]) {
    assert.ok(!words.includes(secret), 'no secret is printed')
  }
  const second = await startServer(context, { dataFolder: data, ports: first.ports, processes: 2 })
  assert.equal(await second.stop(), 0)
  assert.doesNotMatch(second.output(), /The first credentials were written/)
  assert.match(second.output(), /npx chancery issue/)
  assert.deepEqual(JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8')), credentials)
})

test('two first starts at once set up one operator and one master key', async (context) => {
  const data = join(temporaryFolder(context, 'race'), 'data')
  const at = (...args: string[]) => chancery([...args, '--data', data, '--json'])
  const created = await Promise.all(
    ['a@example.test', 'b@example.test'].map((email) => at('account', 'create', '--email', email)),
  )
  for (const { status, stderr } of created) assert.equal(status, 0, stderr)
  const { accounts } = JSON.parse((await at('account', 'list')).stdout)
  const emails = accounts.map(({ email }: { email: string }) => email).toSorted()
  assert.deepEqual(emails, ['a@example.test', 'b@example.test', 'operator@chancery.internal'])
  const issued = await at('issue', 'x.internal', '--out', join(data, 'out'))
  assert.equal(issued.status, 0, issued.stderr)
})

test('a first start that was killed midway is made up for', async (context) => {
  const data = join(temporaryFolder(context, 'killed'), 'data')
  const first = await chancery(['account', 'create', '--email', 'a@example.test', '--data', data])
  assert.equal(first.status, 0, first.stderr)
  const database = new DatabaseSync(join(data, 'chancery.db'))
  // As if it had ended after the account and its CAs were made, before the credentials were written down.
  database.exec("delete from setting where name in ('operator-account', 'operator-authority')")
  database.close()
  rmSync(join(data, 'credentials.json'))
  const second = await chancery(['account', 'create', '--email', 'b@example.test', '--data', data])
  assert.equal(second.status, 0, second.stderr)
  const credentials = JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8'))
  assert.match(credentials.email, /^operator\+[0-9a-f]{8}@chancery\.internal$/)
})
