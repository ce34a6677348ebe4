import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { openssl, opensslMissing, opensslText } from '../support/openssl.ts'
import { chancery } from '../support/process.ts'
import { commandLine } from './command-line.ts'

const { folder, json, refusal } = commandLine({ after })

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

  test('the key is on disk before anything is signed, and a refusal leaves nothing', async () => {
    const out = join(folder, 'refused-late')
    await refusal(['issue', 'under_score.internal', '--out', out])
    assert.deepEqual(readdirSync(out), [])
    // As a crash between signing and writing leaves it.
    writeFileSync(join(out, 'key.pem.new'), 'the key of a certificate that may exist')
    assert.match(
      await refusal(['issue', 'late.internal', '--out', out]),
      /key\.pem\.new was left by a command that did not end; .* or add --force/,
    )
    await json(['issue', 'late.internal', '--out', out, '--force'])
    assert.deepEqual(readdirSync(out).sort(), ['cert.pem', 'chain.pem', 'key.pem'])
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

describe('a folder where nothing was set up', () => {
  test('is refused by commands that only look, and nothing is made', async () => {
    const absent = join(folder, 'absent')
    const { status, stderr } = await chancery(['cert', 'list', '--data', absent])
    assert.equal(status, 1)
    assert.match(stderr, /^chancery: there is no data folder .* run "chancery serve" once/)
    assert.ok(!existsSync(absent))
  })
})
