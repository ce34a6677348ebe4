import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { csrPem } from '../faces/certcentral/ordering.ts'
import { startInternet, type TestInternet } from '../support/internet.ts'
import { chancery, type RunningServer, startServer } from '../support/process.ts'
import { lastFirst } from '../support/stores.ts'

describe('control over domains, proven to two request loops', () => {
  const scope = lastFirst({ after })
  let internet: TestInternet
  let server: RunningServer
  let key: string
  before(async () => {
    internet = await startInternet(scope)
    const args = ['--resolver', `127.0.0.1:${internet.dns.port}`]
    server = await startServer(scope, { args, processes: 2 })
    const command = [
      'account',
      'create',
      '--email',
      'ada@example.test',
      '--json',
      '--data',
      server.dataFolder,
    ]
    const { status, stdout, stderr } = await chancery(command)
    assert.equal(status, 0, stderr)
    key = JSON.parse(stdout).api_key
  })

  async function call(method: string, path: string, body?: object) {
    const answer = await fetch(`${server.http}/services/v2${path}`, {
      method,
      headers: { 'x-dc-devkey': key },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: JSON.parse(await answer.text()) }
  }

  async function order(name: string, method: string) {
    const { status, body } = await call('POST', '/order/certificate/ssl_dv_geotrust_flex', {
      certificate: { common_name: name, csr: await csrPem(), signature_hash: 'sha256' },
      ...{ dcv_method: method, order_validity: { years: 1 }, skip_approval: true },
    })
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }

  const statusOf = async (id: number) => (await call('GET', `/order/certificate/${id}`)).body.status

  test('D19 ten checks at once over two processes are one look and one certificate', async () => {
    const { id, dcv_random_value: value } = await order('once.example.com', 'dns-txt-token')
    internet.publishTxt('once.example.com', value)
    const checks = Array.from({ length: 10 }, () => call('PUT', `/order/certificate/${id}/check-dcv`))
    const answers = await Promise.all(checks)
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
    assert.deepEqual([...new Set(answers.map(({ body }) => body.order_status))], ['issued'])
    assert.equal(new Set(answers.map(({ body }) => body.certificate_id)).size, 1)
    assert.equal(internet.dns.asked.filter((text) => text.startsWith('once.example.com TXT')).length, 1)
  })

  test('a mail in the outbox holds the link whose button approves', async () => {
    const { id } = await order('mail.example.net', 'email')
    const outbox = join(server.dataFolder, 'outbox')
    const mails = readdirSync(outbox).map((file) => readFileSync(join(outbox, file), 'utf8'))
    assert.equal(mails.length, 5)
    const text = (mails[0] ?? '').replace(/=\r?\n/g, '').replace(/=3D/g, '=')
    const link = /http:\S+domain-approval\?token=\S+/.exec(text)?.[0] ?? ''
    const page = await fetch(link)
    assert.equal(page.status, 200)
    assert.match(await page.text(), /<form method="post">/)
    assert.equal((await fetch(new URL('/domain-approval/style.css', link))).status, 200)
    assert.equal(await statusOf(id), 'pending')
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    assert.equal((await fetch(link, { method: 'POST', headers: form, body: '' })).status, 200)
    assert.equal(await statusOf(id), 'issued')
    const token = new URL(link).searchParams.get('token') ?? ''
    assert.ok(!server.output().includes(token), 'the log holds no link')
  })
})
