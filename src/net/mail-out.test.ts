import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import type { SMTPServerOptions } from 'smtp-server'
import { startSmtpServer } from '../../test/support/smtp-server.ts'
import { temporaryFolder } from '../../test/support/tmp.ts'
import { MailFailure } from '../core/validation/outbound.ts'
import { OutboxMailer, SmtpMailer } from './mail-out.ts'

const mail = { to: 'admin@shop.example', subject: 'Approve shop.example', text: 'Open the link.\n' }
const from = 'ca@ca.example'

test('a mail reaches the SMTP server with its addresses, subject and text', async (t) => {
  const { port, received } = await startSmtpServer(t)
  await new SmtpMailer({ url: `smtp://127.0.0.1:${port}`, from }).send(mail)
  const [only, ...others] = received
  assert.deepEqual(others, [])
  assert.deepEqual([only?.from, only?.to], [from, [mail.to]])
  assert.match(only?.content ?? '', /^Subject: Approve shop\.example\r$/m)
  assert.match(only?.content ?? '', /^Open the link\.\r$/m)
})

test('user and password of the URL are given to the server, and a wrong one is a failure', async (t) => {
  const { port, received } = await startSmtpServer(t, {
    authOptional: false,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (username === 'a user' && password === 'p@ss') done(null, { user: username })
      else done(new Error('refused'))
    },
  })
  await new SmtpMailer({ url: `smtp://a%20user:p%40ss@127.0.0.1:${port}`, from }).send(mail)
  assert.equal(received.length, 1)
  const wrong = new SmtpMailer({ url: `smtp://a%20user:other@127.0.0.1:${port}`, from })
  await assert.rejects(wrong.send(mail), MailFailure)
  assert.equal(received.length, 1)
})

test('line ends and commas in an address or a subject add no recipient and no header field', async (t) => {
  const { port, received } = await startSmtpServer(t)
  const mailer = new SmtpMailer({ url: `smtp://127.0.0.1:${port}`, from })
  await mailer.send({ ...mail, subject: 'a\r\nBcc: other@evil.example' })
  for (const to of ['a@shop.example,other@evil.example', 'a@shop.example\r\nBcc: other@evil.example']) {
    await mailer.send({ ...mail, to }).catch((error) => assert.ok(error instanceof MailFailure))
  }
  for (const { to, content } of received) {
    assert.equal(to.length, 1)
    assert.notEqual(to[0], 'other@evil.example')
    assert.doesNotMatch(content, /^Bcc:/im)
  }
})

test('a server that refuses, is silent or is not there is a failure', async (t) => {
  const { port } = await startSmtpServer(t, { onRcptTo: (_to, _session, done) => done(new Error('no')) })
  await assert.rejects(new SmtpMailer({ url: `smtp://127.0.0.1:${port}`, from }).send(mail), MailFailure)
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port: silentPort } = silent.address() as { port: number }
  const url = `smtp://127.0.0.1:${silentPort}`
  await assert.rejects(new SmtpMailer({ url, from, timeoutMs: 200 }).send(mail), MailFailure)
  silent.close()
  await assert.rejects(new SmtpMailer({ url, from, timeoutMs: 200 }).send(mail), MailFailure)
})

test('a failure is final where the server refuses the address itself, and nowhere else', async (t) => {
  const refusals = [
    { responseCode: 550, isFinal: true },
    { responseCode: 450, isFinal: false },
  ]
  for (const { responseCode, isFinal } of refusals) {
    const onRcptTo: SMTPServerOptions['onRcptTo'] = (_to, _session, done) =>
      done(Object.assign(new Error('no'), { responseCode }))
    const { port } = await startSmtpServer(t, { onRcptTo })
    await assert.rejects(new SmtpMailer({ url: `smtp://127.0.0.1:${port}`, from }).send(mail), { isFinal })
  }
  const onMailFrom: SMTPServerOptions['onMailFrom'] = (_from, _session, done) => done(new Error('not you'))
  const { port } = await startSmtpServer(t, { onMailFrom })
  await assert.rejects(new SmtpMailer({ url: `smtp://127.0.0.1:${port}`, from }).send(mail), {
    isFinal: false,
  })
})

test('without an SMTP server each mail is a file that only the owner reads, told in the log without its text', async (t) => {
  const folder = join(temporaryFolder(t, 'outbox'), 'outbox')
  const lines: string[] = []
  const log = {
    info: (facts: object, message: string) => lines.push(`${JSON.stringify(facts)} ${message}`),
    warn: () => {},
    error: () => {},
  }
  const random = { bytes: randomBytes }
  const environment = { clock: { now: () => Date.UTC(2026, 10, 22) }, random, log }
  const mailer = new OutboxMailer({ folder, from, environment })
  await mailer.send(mail)
  await mailer.send({ ...mail, to: 'webmaster@shop.example' })
  const files = readdirSync(folder).map((name) => join(folder, name))
  assert.equal(files.length, 2)
  const recipients = files.map((file) => /^To: (.*?)\r?$/m.exec(readFileSync(file, 'utf8'))?.[1])
  assert.deepEqual(recipients.sort(), ['admin@shop.example', 'webmaster@shop.example'])
  for (const file of files) {
    assert.match(readFileSync(file, 'utf8'), /^Open the link\.\r?$/m)
    assert.equal(statSync(file).mode & 0o777, 0o600)
  }
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(lines.length, 2)
  assert.match(lines[0] ?? '', /admin@shop\.example/)
  assert.doesNotMatch(lines.join(), /Open the link/)
})

test('a long link stays whole in the file and over SMTP, and text that is not ASCII is encoded', async (t) => {
  const folder = join(temporaryFolder(t, 'outbox'), 'outbox')
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const random = { bytes: randomBytes }
  const outbox = new OutboxMailer({ folder, from, environment: { clock: { now: () => 0 }, random, log } })
  const link = `https://ca.example/approve?token=${'a='.repeat(80)}`
  await outbox.send({ ...mail, text: `Open\n\n${link}\n` })
  const [file = ''] = readdirSync(folder)
  const written = readFileSync(join(folder, file), 'utf8')
  assert.ok(written.split(/\r?\n/).includes(link), written)
  assert.match(written, /^Content-Transfer-Encoding: 7bit\r?$/m)
  const { port, received } = await startSmtpServer(t)
  const smtp = new SmtpMailer({ url: `smtp://127.0.0.1:${port}`, from })
  await smtp.send({ ...mail, text: `${link}\n` })
  await smtp.send({ ...mail, text: 'x'.repeat(998) })
  await smtp.send({ ...mail, text: 'x'.repeat(999) })
  await smtp.send({ ...mail, text: 'リンクを開く\n' })
  const encodings = received.map(({ content }) => /^Content-Transfer-Encoding: (.*?)\r?$/m.exec(content)?.[1])
  assert.deepEqual(encodings, ['7bit', '7bit', 'quoted-printable', 'base64'])
  assert.ok(received[0]?.content.split('\r\n').includes(link))
})

test('an outbox that cannot be written is a failure', async (t) => {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const random = { bytes: (length: number) => new Uint8Array(length) }
  const environment = { clock: { now: () => 0 }, random, log }
  const folder = join(temporaryFolder(t, 'outbox'), 'outbox')
  const mailer = new OutboxMailer({ folder, from, environment })
  await mailer.send(mail)
  await assert.rejects(mailer.send(mail), MailFailure, 'the same file name again')
  assert.equal(readdirSync(folder).length, 1)
})
