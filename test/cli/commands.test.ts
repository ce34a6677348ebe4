import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { openssl, opensslMissing, opensslText } from '../support/openssl.ts'
import { type CommandOptions, chancery } from '../support/process.ts'
import { temporaryFolder } from '../support/tmp.ts'

const folder = temporaryFolder({ after }, 'cli')
const data = join(folder, 'data')

const run = (args: readonly string[], options?: CommandOptions) =>
  chancery([...args, '--data', data], options)

/** Runs a command that has to succeed and gives its one JSON object. */
async function json(args: readonly string[], options?: CommandOptions) {
  const { status, stdout, stderr } = await run([...args, '--json'], options)
  assert.equal(status, 0, stderr)
  assert.equal(stderr, '', 'with --json nothing but the object is printed')
  assert.equal(stdout.split('\n').length, 2, 'one line')
  return JSON.parse(stdout)
}

/** Runs a command that has to be refused and gives the line that says why. */
async function refusal(args: readonly string[], status = 1, options?: CommandOptions) {
  const result = await run(args, options)
  assert.equal(result.status, status, result.stdout + result.stderr)
  assert.equal(result.stdout, '')
  assert.doesNotMatch(result.stderr, /\n\s+at /, 'no stack')
  return result.stderr
}

describe('a folder where nothing was set up', () => {
  test('is refused by commands that only look, and nothing is made', async () => {
    const absent = join(folder, 'absent')
    const { status, stderr } = await chancery(['cert', 'list', '--data', absent])
    assert.equal(status, 1)
    assert.match(stderr, /^chancery: there is no data folder .* run "chancery serve" once/)
    assert.ok(!existsSync(absent))
  })
})

describe('accounts and keys', () => {
  test('account create prints one JSON object with every secret, once', async () => {
    const created = await json(['account', 'create', '--email', 'Alice@Example.test', '--name', 'Alice'])
    assert.deepEqual(Object.keys(created), [
      'account_id',
      'email',
      'tinycert_api_key',
      'passphrase',
      'api_key',
    ])
    assert.equal(created.email, 'alice@example.test')
    assert.match(created.api_key, /^01[0-9a-f]{24}_[0-9a-f]{64}$/)
    const shown = await json(['account', 'show', String(created.account_id)])
    assert.equal(shown.name, 'Alice')
    assert.equal(shown.cas.length, 2, 'root and issuing CA')
    for (const secret of [created.passphrase, created.tinycert_api_key, created.api_key]) {
      assert.ok(!JSON.stringify(shown).includes(secret))
    }
  })

  test('a passphrase comes from a file or standard input, never generated then, and never printed', async () => {
    const file = join(folder, 'passphrase')
    writeFileSync(file, 'correct horse battery staple\n')
    const first = await json(['account', 'create', '--email', 'file@example.test', '--passphrase-file', file])
    assert.ok(!('passphrase' in first))
    const input = 'another long passphrase\nignored\n'
    const second = await json(
      ['account', 'create', '--email', 'stdin@example.test', '--passphrase-file', '-'],
      { input },
    )
    assert.ok(!('passphrase' in second))
    const next = join(folder, 'next')
    writeFileSync(next, 'a third long passphrase\n')
    const id = String(second.account_id)
    const change = ['account', 'passphrase', id, '--current-file', '-', '--passphrase-file', next]
    assert.match(await refusal(change, 1, { input: 'wrong\n' }), /^chancery: the passphrase is wrong/)
    assert.deepEqual(await json(change, { input }), { account_id: Number(id), sessions_ended: 0 })
    assert.match(await refusal(change, 1, { input }), /^chancery: the passphrase is wrong/)
    assert.match(await refusal(['account', 'passphrase', id]), /no terminal to ask on: use --current-file/)
  })

  test('an address that is taken is refused', async () => {
    const args = ['account', 'create', '--email', 'twice@example.test']
    await json(args)
    assert.match(await refusal(args), /twice@example\.test exists already/)
    assert.match(await refusal(['account', 'create', '--email', 'nonsense']), /"email" is not valid/)
  })

  test('API keys have roles, restrictions and ends, are listed without their secret, and end when revoked', async () => {
    const { account_id } = await json(['account', 'create', '--email', 'keys@example.test'])
    const account = ['--account', String(account_id)]
    const wish = ['--role', 'limited', '--restrict', 'view', '--end-date', '2030-01-31']
    const created = await json(['key', 'create', ...account, ...wish])
    assert.deepEqual(Object.keys(created), ['key_id', 'api_key'])
    assert.ok(created.api_key.startsWith(`${created.key_id}_`))
    const { keys } = await json(['key', 'list', ...account])
    assert.equal(keys.length, 2)
    const listed = keys.find(({ key_id }: { key_id: string }) => key_id === created.key_id)
    assert.equal(listed.role, 'limited')
    assert.equal(listed.restriction, 'view')
    assert.equal(listed.end_date, '2030-01-31')
    assert.ok(!JSON.stringify(keys).includes(created.api_key))
    await json(['key', 'revoke', created.key_id, ...account])
    assert.match(
      await refusal(['key', 'revoke', created.key_id, ...account]),
      /no such key, or it was revoked/,
    )
    assert.match(
      await refusal(['key', 'create', ...account, '--end-date', '31.1.2030']),
      /not a day written YYYY-MM-DD/,
    )
    assert.match(await refusal(['key', 'create', '--account', '9999']), /the account is gone/)
  })
})

describe('certificates', () => {
  test('issue writes a key only its owner reads, and a chain that openssl verifies', {
    skip: opensslMissing,
  }, async () => {
    const out = join(folder, 'www')
    const issued = await json(['issue', 'WWW.example.internal', '10.1.2.3', '--out', out, '--days', '30'])
    assert.deepEqual(
      issued.files,
      ['key.pem', 'cert.pem', 'chain.pem'].map((name) => join(out, name)),
    )
    assert.equal(statSync(join(out, 'key.pem')).mode & 0o777, 0o600)
    assert.equal(statSync(join(out, 'cert.pem')).mode & 0o777, 0o644)
    await opensslText(['verify', '-CAfile', join(out, 'chain.pem'), join(out, 'cert.pem')])
    const certificate = new X509Certificate(readFileSync(join(out, 'cert.pem')))
    assert.equal(certificate.subjectAltName, 'DNS:www.example.internal, IP Address:10.1.2.3')
    const days = (certificate.validToDate.getTime() - certificate.validFromDate.getTime() + 1000) / 86_400_000
    assert.equal(days, 30)
    const publicKey = await opensslText(['pkey', '-in', join(out, 'key.pem'), '-pubout'])
    assert.equal(publicKey, certificate.publicKey.export({ type: 'spki', format: 'pem' }))
  })

  test('files are not overwritten without --force, and nothing is issued then', async () => {
    const out = join(folder, 'kept')
    await json(['issue', 'kept.internal', '--out', out])
    const before = readFileSync(join(out, 'key.pem'))
    const count = (await json(['cert', 'list'])).certificates.length
    assert.match(
      await refusal(['issue', 'kept.internal', '--out', out]),
      /key\.pem exists: .* or add --force/,
    )
    assert.deepEqual(readFileSync(join(out, 'key.pem')), before)
    assert.equal((await json(['cert', 'list'])).certificates.length, count)
    await json(['issue', 'kept.internal', '--out', out, '--force'])
    assert.notDeepEqual(readFileSync(join(out, 'key.pem')), before)
  })

  for (const kind of ['p-384', 'rsa-2048']) {
    test(`issue makes a key of kind ${kind}`, { skip: opensslMissing }, async () => {
      const out = join(folder, kind)
      await json(['issue', 'kind.internal', '--out', out, '--key', kind])
      await opensslText(['verify', '-CAfile', join(out, 'chain.pem'), join(out, 'cert.pem')])
    })
  }

  test('issue certifies the key and the names of a request', { skip: opensslMissing }, async () => {
    const csr = join(folder, 'request.pem')
    const key = join(folder, 'request.key')
    const request = [
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
    ]
    const made = await openssl([
      ...request,
      '-subj',
      '/CN=csr.internal',
      '-addext',
      'subjectAltName=DNS:csr.internal',
      '-out',
      csr,
    ])
    assert.equal(made.status, 0, made.stderr)
    const out = join(folder, 'from-csr')
    const issued = await json(['issue', '--csr', csr, '--out', out])
    assert.deepEqual(
      issued.files,
      ['cert.pem', 'chain.pem'].map((name) => join(out, name)),
    )
    assert.equal(new X509Certificate(readFileSync(join(out, 'cert.pem'))).subjectAltName, 'DNS:csr.internal')
    const again = join(folder, 'from-key')
    assert.match(
      await refusal(['issue', 'x.internal', '--csr', key, '--out', again]),
      /holds .*key.*, not a certificate request/i,
    )
  })

  test('what the rules refuse is said with the value and the reason', async () => {
    const refused: readonly (readonly [readonly string[], RegExp])[] = [
      [['under_score.internal'], /"under_score\.internal" is refused: it has an underscore/],
      [['trailing.internal.'], /it ends in a dot/],
      [['a.internal', '--days', '36000'], /the validity is refused/],
      [['a.internal', '--ca', '9999'], /there is no such CA/],
      [['a.internal', '--csr', join(folder, 'nothing')], /nothing cannot be read \(ENOENT\)/],
    ]
    for (const [args, message] of refused) {
      assert.match(await refusal(['issue', ...args, '--out', join(folder, 'refused')]), message)
    }
    assert.match(
      await refusal(['issue', '--out', join(folder, 'refused')], 2),
      /give at least one name, or --csr/,
    )
  })

  test('a certificate that the installation itself uses is revoked only by those who say so', async () => {
    const [issuing] = (await json(['ca', 'list'])).cas.filter((ca: { role: string }) => ca.role === 'issuing')
    const file = join(folder, 'issuing.pem')
    writeFileSync(file, (await json(['ca', 'show', String(issuing.ca_id)])).pem)
    assert.match(
      await refusal(['cert', 'revoke', file]),
      /which the installation itself uses: add --infrastructure/,
    )
    assert.equal((await json(['cert', 'show', file])).status, 'good')
  })

  test('a certificate is listed, shown, put on hold, lifted and revoked; a revocation stays', async () => {
    const { certificate_id, serial_number } = await json([
      'issue',
      'life.internal',
      '--out',
      join(folder, 'life'),
    ])
    const id = String(certificate_id)
    const listed = (await json(['cert', 'list'])).certificates.find(
      (one: { certificate_id: number }) => one.certificate_id === certificate_id,
    )
    assert.equal(listed.status, 'good')
    assert.equal(listed.serial_number, serial_number)
    await json(['cert', 'revoke', id, '--hold'])
    assert.equal((await json(['cert', 'show', id])).status, 'hold')
    await json(['cert', 'revoke', id, '--lift'])
    assert.equal((await json(['cert', 'show', id])).status, 'good')
    await json(['cert', 'revoke', id, '--reason', 'superseded'])
    const shown = await json(['cert', 'show', id])
    assert.equal(shown.status, 'revoked')
    assert.equal(shown.revoked.reason, 4)
    assert.match(shown.pem, /^-----BEGIN CERTIFICATE-----/)
    assert.match(
      await refusal(['cert', 'revoke', id, '--lift']),
      /a certificate that is revoked cannot become good/,
    )
    assert.match(await refusal(['cert', 'revoke', id, '--hold', '--lift'], 2), /exclude each other/)
    const held = await json(['cert', 'show', join(folder, 'life', 'cert.pem')])
    assert.equal(held.certificate_id, certificate_id)
    const again = await json(['cert', 'revoke', join(folder, 'life', 'cert.pem')])
    assert.deepEqual(again, { certificate_id, status: 'revoked' })
    assert.match(
      await refusal(['cert', 'revoke', join(folder, 'life', 'key.pem')]),
      /key\.pem holds no certificate in PEM/,
    )
    assert.match(await refusal(['cert', 'revoke', 'abc']), /abc is neither the number .* \(ENOENT\)/)
    assert.match(
      await refusal(['cert', 'show', '999999']),
      /there is no such certificate; "chancery cert list"/,
    )
  })
})

describe('CAs', () => {
  test('a root, a CA below it, and a certificate from there that verifies', {
    skip: opensslMissing,
  }, async () => {
    const root = await json([
      'ca',
      'create',
      'Lab Root',
      '--organization',
      'Lab',
      '--country',
      'NL',
      '--key',
      'p-384',
    ])
    assert.equal(root.subject, 'CN=Lab Root,O=Lab,C=NL')
    const below = await json(['ca', 'create', 'Lab Issuing', '--parent', String(root.ca_id), '--days', '100'])
    assert.equal(below.parent_id, root.ca_id)
    const out = join(folder, 'lab')
    await json(['issue', 'lab.internal', '--ca', String(below.ca_id), '--out', out])
    await opensslText(['verify', '-CAfile', join(out, 'chain.pem'), join(out, 'cert.pem')])
    const listed = (await json(['ca', 'list'])).cas.map((one: { ca_id: number }) => one.ca_id)
    assert.ok(listed.includes(root.ca_id) && listed.includes(below.ca_id))
    const shown = await json(['ca', 'show', String(below.ca_id)])
    assert.equal(shown.grants.serverKeys, true)
    assert.ok(Date.parse(shown.not_after) > Date.now())
    const renewed = await json(['ca', 'renew', String(below.ca_id)])
    assert.equal(renewed.ca_id, below.ca_id)
    assert.notEqual(renewed.pem, below.pem)
    const successor = await json(['ca', 'renew', String(below.ca_id), '--new-key'])
    assert.equal(successor.succeeds_id, below.ca_id)
  })

  test('what cannot be is refused', async () => {
    assert.match(await refusal(['ca', 'create', 'X', '--country', 'UK']), /"UK" is refused|not valid/)
    assert.match(await refusal(['ca', 'create', 'X', '--parent', '9999']), /there is no such CA/)
    assert.match(await refusal(['ca', 'create', 'X', '--intermediate'], 2), /--intermediate needs --parent/)
    assert.match(await refusal(['ca', 'show', '9999']), /there is no such CA/)
  })
})

describe('explain', () => {
  test('explains a code in either language, whatever its letter case', async () => {
    const { stdout, status } = await chancery(['explain', 'ratelimitexceeded'])
    assert.equal(status, 0)
    assert.match(stdout, /^RateLimitExceeded \(TinyCert API v1, HTTP 429\)/)
    assert.match((await chancery(['explain', 'NotFound', '--lang', 'ja'])).stdout, /原因/)
    const explained = JSON.parse(
      (await chancery(['explain', 'NotFound', '--face', 'tinycert', '--json'])).stdout,
    )
    assert.equal(explained.explanations[0].http_status, 404)
  })

  test('names the codes there are for one that is not', async () => {
    const { status, stderr } = await chancery(['explain', 'Nonsense'])
    assert.equal(status, 1)
    assert.match(stderr, /"Nonsense" is no error code here.*\n(?:.*\n)*tinycert: AccessDenied/)
  })
})

describe('keeping the store', () => {
  test('the master key is exchanged and everything still opens', async () => {
    const before = readFileSync(join(data, 'master.key'))
    const rotated = await json(['master-key', 'rotate'])
    assert.notEqual(rotated.from, rotated.to)
    assert.notDeepEqual(readFileSync(join(data, 'master.key')), before)
    await json(['issue', 'rotated.internal', '--out', join(folder, 'rotated')])
  })

  test('S9 a backup restores into an empty place with everything acknowledged before it', async () => {
    const file = join(folder, 'backup')
    const { certificates } = await json(['cert', 'list', '--limit', '1000'])
    await json(['backup', file])
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const restored = join(folder, 'restored')
    mkdirSync(restored, { mode: 0o700 })
    const restore = ['restore', file, '--json', '--data', restored]
    assert.match(
      (await chancery(restore)).stderr,
      /there is no master key in ".*": put the key that belongs to the backup there/,
    )
    await copyFile(join(data, 'master.key'), join(restored, 'master.key'))
    const done = await chancery(restore)
    assert.equal(done.status, 0, done.stderr)
    const listed = await chancery(['cert', 'list', '--limit', '1000', '--json', '--data', restored])
    assert.deepEqual(JSON.parse(listed.stdout).certificates, certificates)
    assert.equal((await chancery(['audit', 'verify', '--data', restored])).status, 0)
    assert.match((await chancery(restore)).stderr, /restore into an empty place/)
    assert.match(await refusal(['backup', file]), /exists: name a new file/)
  })

  test('a store put back from an older copy refuses to sign until that is confirmed', async () => {
    const other = join(folder, 'put-back')
    const at = (...args: string[]) => chancery([...args, '--data', other])
    assert.equal((await at('account', 'create', '--email', 'r@example.test')).status, 0)
    await copyFile(join(other, 'chancery.db'), join(folder, 'older.db'))
    const marks = join(other, 'high-water.json')
    writeFileSync(marks, JSON.stringify({ crlNumbers: { '2/0': Date.now() }, chains: {} }), { mode: 0o600 })
    const out = join(folder, 'put-back-out')
    const refused = await at('issue', 'x.internal', '--out', out)
    assert.equal(refused.status, 1)
    assert.match(refused.stderr, /older than what was published from it.*"chancery recover --confirm"/)
    const looked = await at('recover', '--json')
    assert.equal(JSON.parse(looked.stdout).confirmed, false)
    assert.equal(JSON.parse(looked.stdout).findings[0].mark, 'crl 2/0')
    assert.equal(JSON.parse((await at('recover', '--confirm', '--json')).stdout).confirmed, true)
    const issued = await at('issue', 'x.internal', '--out', out)
    assert.equal(issued.status, 0, issued.stderr)
  })

  test('S12 audit verify names the first link that was changed', async () => {
    assert.equal((await json(['audit', 'verify'])).intact, true)
    const database = new DatabaseSync(join(data, 'chancery.db'))
    const [table] = database
      .prepare(
        "select name from sqlite_master where type = 'table' and sql like '%body%' and name like '%event%'",
      )
      .all() as { name: string }[]
    assert.ok(table !== undefined)
    const changed = database
      .prepare(
        `update ${table.name} set body = replace(body, 'account.created', 'account.changed') where body like '%account.created%'`,
      )
      .run()
    database.close()
    assert.ok(Number(changed.changes) > 0)
    const { status, stdout, stderr } = await run(['audit', 'verify', '--json'])
    assert.equal(status, 1)
    assert.equal(JSON.parse(stdout).intact, false)
    assert.match(stderr, /^chancery: the audit log was tampered with: event [0-9]+ of chain .* was changed/m)
  })
})
