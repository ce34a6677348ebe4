import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { StartError } from '../start-error.ts'
import { type FlagValues, isPublicUrlLocal, readConfiguration } from './configuration.ts'

const data = mkdtempSync(join(tmpdir(), 'chancery-configuration-'))
after(() => rmSync(data, { recursive: true }))

const fileOf = (content: string) => {
  const file = join(data, 'given.yaml')
  writeFileSync(file, content)
  return file
}

const refusalOf = (flags: FlagValues, environment: Record<string, string> = {}) => {
  try {
    readConfiguration({ data, ...flags }, environment)
  } catch (error) {
    assert.ok(error instanceof StartError, String(error))
    assert.ok(!error.message.includes('\n'), 'one line')
    return error.message
  }
  return assert.fail('it was accepted')
}

describe('precedence', () => {
  test('without anything given every default of the table holds', () => {
    const configuration = readConfiguration({ data }, {})
    assert.deepEqual(configuration.listen, { host: '127.0.0.1', port: 8080 })
    assert.deepEqual(configuration.tlsListen, { host: '127.0.0.1', port: 8443 })
    assert.equal(configuration.publicUrl, 'http://127.0.0.1:8080')
    assert.equal(configuration.masterKeyFile, join(data, 'master.key'))
    assert.equal(configuration.cnameTarget, 'dcv.digicert.com')
    assert.equal(configuration.sandbox, false)
    assert.equal(configuration.rateLimits, true)
    assert.equal(configuration.bodyBytes, 64 * 1024)
    assert.equal(configuration.crlDelayMs, 30_000)
    assert.deepEqual(configuration.tinycertCertificateRate, { limit: 100, windowMs: 300_000 })
    assert.ok(configuration.processes >= 1)
  })

  test('a flag wins over the environment, and that over the file', () => {
    const config = fileOf('processes: 2\nlisten: 127.0.0.1:1\ntls-listen: 127.0.0.1:2\n')
    const configuration = readConfiguration(
      { data, config, processes: '4' },
      { CHANCERY_PROCESSES: '3', CHANCERY_LISTEN: '127.0.0.1:3' },
    )
    assert.equal(configuration.processes, 4)
    assert.equal(configuration.listen.port, 3)
    assert.equal(configuration.tlsListen.port, 2)
  })

  test('an empty variable counts as not set', () => {
    assert.equal(readConfiguration({ data }, { CHANCERY_LISTEN: '' }).listen.port, 8080)
  })

  test('lists come from repeated flags, a variable with commas, or a list in the file', () => {
    const names = ['ca.example', '192.0.2.1']
    assert.deepEqual(readConfiguration({ data, 'tls-name': names }, {}).tlsNames, names)
    const variable = { CHANCERY_TLS_NAMES: 'ca.example, 192.0.2.1' }
    assert.deepEqual(readConfiguration({ data }, variable).tlsNames, names)
    const config = fileOf('tls-name: [ca.example, 192.0.2.1]\n')
    assert.deepEqual(readConfiguration({ data, config }, {}).tlsNames, names)
  })

  test('resolvers, allowed addresses, CA identities and the mail server are read in each form', () => {
    const resolver = ['192.0.2.53', '192.0.2.54:5353', '2001:db8::53', '[2001:db8::53]:54']
    const given = {
      data,
      resolver,
      'outbound-allow': ['127.0.0.1', 'fc00::/7'],
      'caa-identity': ['CA.example'],
    }
    const configuration = readConfiguration({ ...given, 'smtp-url': 'smtps://u:p%40@mail.example:465' }, {})
    assert.deepEqual(configuration.resolvers, [
      { address: '192.0.2.53', port: 53 },
      { address: '192.0.2.54', port: 5353 },
      { address: '2001:db8::53', port: 53 },
      { address: '2001:db8::53', port: 54 },
    ])
    assert.deepEqual(configuration.outboundAllow, ['127.0.0.1', 'fc00::/7'])
    assert.deepEqual(configuration.caaIdentities, ['ca.example'])
    assert.equal(configuration.smtpUrl, 'smtps://u:p%40@mail.example:465')
    const standard = readConfiguration({ data }, {})
    assert.deepEqual([standard.resolvers, standard.outboundAllow, standard.caaIdentities], [[], [], []])
    assert.deepEqual([standard.smtpUrl, standard.dcvHttpPort], [undefined, 80])
  })

  test('config.yaml in the data folder is read without being named', () => {
    const file = join(data, 'config.yaml')
    writeFileSync(file, 'crl:\n  delay: 2s\n')
    try {
      assert.equal(readConfiguration({ data }, {}).crlDelayMs, 2000)
    } finally {
      rmSync(file)
    }
  })
})

describe('refusals are one line that names the place and the form', () => {
  const wrong: readonly (readonly [string, FlagValues, RegExp])[] = [
    ['a listener without a port', { listen: '127.0.0.1' }, /^--listen must be HOST:PORT/],
    ['a port past 65535', { listen: '127.0.0.1:65536' }, /^--listen must be HOST:PORT/],
    ['an IPv6 address without brackets', { listen: '::1:80' }, /^--listen must be HOST:PORT/],
    ['an https public URL', { 'public-url': 'https://ca.example' }, /^--public-url must be an http:\/\//],
    ['no process', { processes: '0' }, /^--processes must be a whole number from 1/],
    ['half a process', { processes: '1.5' }, /^--processes must be a whole number/],
    ['an unknown role', { role: 'some' }, /^--role must be one of all, status$/],
    ['another database', { 'database-url': 'mysql://h/d' }, /^--database-url must be postgres:/],
    ['a proxy that is a name', { 'trust-proxy': ['proxy.example'] }, /^--trust-proxy must be IP addresses/],
    ['a prefix past the address', { 'trust-proxy': ['10.0.0.0/33'] }, /not "10.0.0.0\/33"/],
    ['another mail protocol', { 'smtp-url': 'http://mail.example' }, /^--smtp-url must be smtp:\/\//],
    ['a mail server with a path', { 'smtp-url': 'smtp://mail.example/x' }, /^--smtp-url must be smtp:/],
    [
      'a password that is half escaped',
      { 'smtp-url': 'smtp://u:secret%@m.example' },
      /^--smtp-url must be (?!.*secret)/,
    ],
    ['a resolver that is a name', { resolver: ['dns.example'] }, /^--resolver must be IP addresses/],
    ['a resolver at port 0', { resolver: ['192.0.2.53:0'] }, /not "192\.0\.2\.53:0"/],
    [
      'an allowed name',
      { 'outbound-allow': ['localhost'] },
      /^--outbound-allow must be IP addresses or ranges/,
    ],
    ['an allowed range past the address', { 'outbound-allow': ['10.0.0.0/33'] }, /not "10\.0\.0\.0\/33"/],
    ['a port past the last', { 'dcv-http-port': '65536' }, /^--dcv-http-port must be a whole number from 1/],
    [
      'a CA identity that is no domain',
      { 'caa-identity': ['*.ca.example'] },
      /^--caa-identity must be a domain/,
    ],
    ['a certificate without its key', { 'tls-cert': 'a.pem' }, /^--tls-cert and --tls-key belong together/],
    [
      'a configuration file that is not there',
      { config: '/nonexistent/c.yaml' },
      /cannot be read \(ENOENT\)$/,
    ],
  ]
  for (const [title, flags, message] of wrong) {
    test(`${title} is refused`, () => assert.match(refusalOf(flags), message))
  }

  test('a bad variable is named', () => {
    assert.match(refusalOf({}, { CHANCERY_SANDBOX: 'maybe' }), /^CHANCERY_SANDBOX must be on or off$/)
  })

  const wrongFiles: readonly (readonly [string, string, RegExp])[] = [
    ['a misspelt key', 'lissten: 127.0.0.1:1\n', /unknown key "lissten"; did you mean "listen"\?$/],
    [
      'a misspelt key in a section',
      'limits:\n  bodi: 5\n',
      /unknown key "limits.bodi"; did you mean "limits.body"\?$/,
    ],
    [
      'a key in the wrong section',
      'header-timeout: 5s\n',
      /"header-timeout"; did you mean "limits.header-timeout"\?$/,
    ],
    ['a key like no other', 'colour: blue\n', /unknown key "colour"; docs\/configuration.md lists the keys$/],
    ['a key given twice', 'role: all\nrole: status\n', /unique/],
    ['a list in place of a section', 'limits: [1]\n', /"limits" has the wrong form/],
    ['a scalar in place of the file', 'hello\n', /the file has the wrong form/],
    [
      'a time without a unit',
      'crl:\n  delay: "30"\n',
      /^"crl.delay" in the configuration file must be a time from 1s/,
    ],
    ['a time past its bound', 'crl:\n  validity: 11d\n', /must be a time from 1h to 10d/],
    ['a rate without a window', 'rates:\n  tinycert:\n    authorities: "5"\n', /must be NUMBER\/DURATION/],
    ['a CRL renewed after its end', 'crl:\n  validity: 2h\n', /"crl.renew-before" must be shorter/],
    ['a member named __proto__', '__proto__:\n  data: x\n', /unknown key "__proto__"/],
  ]
  for (const [title, content, message] of wrongFiles) {
    test(`${title} in the file is refused`, () => {
      assert.match(refusalOf({ config: fileOf(content) }), message)
    })
  }
})

test('a listener on every address is reached by the name of the machine', () => {
  const { publicUrl } = readConfiguration({ data, listen: '0.0.0.0:80' }, {})
  assert.equal(publicUrl, `http://${hostname()}`)
})

test('a public URL loses its trailing slash and keeps its path', () => {
  assert.equal(
    readConfiguration({ data, 'public-url': 'http://CA.example/pki/' }, {}).publicUrl,
    'http://ca.example/pki',
  )
})

test('a public URL on loopback is recognised in each notation', () => {
  for (const url of ['http://127.0.0.1:8080', 'http://localhost', 'http://[::1]:80']) {
    assert.ok(isPublicUrlLocal(readConfiguration({ data, 'public-url': url }, {})), url)
  }
  assert.ok(!isPublicUrlLocal(readConfiguration({ data, 'public-url': 'http://ca.example' }, {})))
})
