import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client'
import type { Action } from '../core/audit/event.ts'
import type { Commit } from '../store/outcome.ts'

/** What one request loop measured, in a form that travels between processes. */
export type MetricsReport = readonly MetricObjectWithValues<MetricValue<string>>[]

export interface Metrics {
  /** One answered HTTP request. */
  answered(face: string, route: string, status: number, milliseconds: number): void
  /** One durable transaction of the store. */
  committed(commit: Commit): void
  report(): Promise<MetricsReport>
}

/** Measured at the moment of a report. */
export interface MetricSources {
  /** CAs whose CRL is absent or past its nextUpdate. */
  readonly overdueCrls: () => number | Promise<number>
}

const counted: Partial<Record<Action, string>> = {
  'certificate.issued': 'issued',
  'certificate.revoked': 'revoked',
  'certificate.held': 'held',
  'certificate.reinstated': 'reinstated',
  'certificate.refused': 'refused',
  'certificate.aborted': 'aborted',
  'certificate.closed': 'closed',
}

/** Metrics of this request loop in a registry of its own. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'chancery_http_requests_total',
    help: 'Answered requests.',
    labelNames: ['face', 'route', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'chancery_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['face'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
    registers,
  })
  const certificates = new Counter({
    name: 'chancery_certificates_total',
    help: 'Certificates by what happened to them.',
    labelNames: ['event'],
    registers,
  })
  const events = new Counter({
    name: 'chancery_audit_events_total',
    help: 'Audit events committed.',
    registers,
  })
  const batches = new Histogram({
    name: 'chancery_store_commit_writes',
    help: 'How many writes shared a transaction.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  })
  new Gauge({
    name: 'chancery_crls_overdue',
    help: 'CAs whose CRL is absent or past its nextUpdate.',
    aggregator: 'max',
    registers,
    async collect() {
      this.set(await sources.overdueCrls())
    },
  })
  for (const event of Object.values(counted)) certificates.inc({ event }, 0)
  return {
    answered(face, route, status, milliseconds) {
      requests.inc({ face, route, status: String(status) })
      durations.observe({ face }, milliseconds / 1000)
    },
    committed(commit) {
      batches.observe(commit.programs)
      events.inc(commit.events.length)
      for (const { action } of commit.events) {
        const event = counted[action]
        if (event !== undefined) certificates.inc({ event })
      }
    },
    report: () => registry.getMetricsAsJSON(),
  }
}

/** The reports of all request loops as one Prometheus text: counters summed, gauges as each of them says. */
export async function prometheusText(
  reports: readonly MetricsReport[],
): Promise<{ readonly contentType: string; readonly text: string }> {
  const together = AggregatorRegistry.aggregate(reports.map((report) => [...report]))
  return { contentType: together.contentType, text: await together.metrics() }
}
