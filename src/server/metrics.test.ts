import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action, Event } from '../core/audit/event.ts'
import { createMetrics, prometheusText } from './metrics.ts'

const event = (action: Action): Event => ({
  action,
  at: 0,
  actor: { type: 'system' },
  accountId: null,
  object: 'certificate:1',
  requestId: null,
  detail: {},
})
const metrics = (overdue: number) => createMetrics({ overdueCrls: () => overdue })

test('what several loops measured is summed, and the worst of what has no sum is shown', async () => {
  const [first, second] = [metrics(0), metrics(3)]
  first.answered('tinycert', '/api/v1/*', 200, 12)
  second.answered('tinycert', '/api/v1/*', 200, 40)
  second.answered('tinycert', '/api/v1/*', 429, 1)
  first.committed({ programs: 3, events: [event('certificate.reserved'), event('certificate.issued')] })
  second.committed({ programs: 1, events: [event('certificate.revoked')] })
  const { contentType, text } = await prometheusText([await first.report(), await second.report()])
  assert.match(contentType, /^text\/plain; version=0\.0\.4/)
  const value = (name: string) => {
    const line = text.split('\n').find((each) => each.startsWith(`${name} `))
    return Number(line?.slice(name.length + 1))
  }
  const requests = 'chancery_http_requests_total{face="tinycert",route="/api/v1/*",status='
  assert.equal(value(`${requests}"200"}`), 2)
  assert.equal(value(`${requests}"429"}`), 1)
  assert.equal(value('chancery_http_request_duration_seconds_count{face="tinycert"}'), 3)
  assert.equal(value('chancery_certificates_total{event="issued"}'), 1)
  assert.equal(value('chancery_certificates_total{event="revoked"}'), 1)
  assert.equal(value('chancery_certificates_total{event="refused"}'), 0)
  assert.equal(value('chancery_audit_events_total'), 3)
  assert.equal(value('chancery_store_commit_writes_sum'), 4)
  assert.equal(value('chancery_store_commit_writes_count'), 2)
  assert.equal(value('chancery_crls_overdue'), 3)
})
