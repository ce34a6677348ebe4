import { LoginThrottle } from '../core/accounts/login-throttle.ts'
import type { Engine } from '../core/engine.ts'
import { createMaintenanceGate } from '../core/limits/maintenance.ts'
import type { OcspService } from '../core/status/answer-ocsp.ts'
import { approvalFace } from '../faces/approval/plugin.ts'
import { certcentral } from '../faces/certcentral/plugin.ts'
import { routes as certcentralRoutes } from '../faces/certcentral/routes.ts'
import { refuseUnreadable as certcentralUnreadable } from '../faces/certcentral/unreadable.ts'
import type { ServedRoute } from '../faces/docs/pages.ts'
import { docs } from '../faces/docs/plugin.ts'
import { health } from '../faces/health/plugin.ts'
import { createReadiness } from '../faces/health/readiness.ts'
import { statusFace } from '../faces/status/plugin.ts'
import { endpoints } from '../faces/tinycert/endpoints/endpoints.ts'
import { tinycert } from '../faces/tinycert/plugin.ts'
import { refuseUnreadable as tinycertUnreadable } from '../faces/tinycert/unreadable.ts'
import type { FailingCrls } from '../jobs/publish-crls.ts'
import { PkijsPkcs12Builder } from '../keys/pkcs12.ts'
import { catalogues } from './catalogues.ts'
import { addressMatcher } from './configuration/address.ts'
import type { Settings } from './configuration/settings.ts'
import { parseJsonBody } from './http/json-body.ts'
import type { Face } from './http/listener.ts'
import type { Work } from './http/work-limit.ts'
import { oneFace } from './one-face.ts'
import { readinessChecks } from './readiness-checks.ts'

export interface FaceParts {
  readonly engine: Engine
  readonly settings: Settings
  readonly ocsp: OcspService
  readonly failingCrls: FailingCrls
  /** Prometheus text of every request loop. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>
  /** What all of them serve, for the documentation. */
  readonly routes: readonly ServedRoute[]
}

const tinycertPrefix = '/api/v1'
const certcentralPrefix = '/services/v2'
const checkTimeoutMs = 5000
const checkFreshMs = 1000

export interface Faces {
  /** Every face of the role, made once and mounted on each listener. */
  readonly faces: readonly Face[]
  /** What the listener of the metrics has, where there is one. */
  readonly inspection: readonly Face[]
}

export function createFaces(parts: FaceParts): Faces {
  const { engine, settings, ocsp } = parts
  const maxAgeSeconds = Math.floor(settings.statusMaxAgeMs / 1000)
  const plugin = statusFace({ store: engine.store, ocsp, clock: engine.clock, maxAgeSeconds })
  const { shared, inspection } = healthFaces(parts)
  const faces: readonly Face[] = [{ name: 'status', exposure: 'status', plugin }, shared]
  return {
    faces: settings.role === 'status' ? faces : [...faces, ...apiFaces(parts)],
    inspection: [inspection],
  }
}

/** Figures and the reasons of failures are shown at one place alone. */
function healthFaces({ engine, settings, failingCrls, metrics }: FaceParts) {
  const { log } = engine
  const readiness = createReadiness({
    checks: readinessChecks(engine, failingCrls),
    timeoutMs: checkTimeoutMs,
    freshMs: checkFreshMs,
    onError: (check, error) => log.error({ check, err: error }, 'a readiness check failed'),
    monotonic: () => performance.now(),
  })
  const mayInspect = addressMatcher(settings.metricsAllow)
  const face = (mayInspectHere: (address: string) => boolean): Face => ({
    name: 'health',
    exposure: 'status',
    plugin: health({ readiness, metrics, mayInspect: mayInspectHere }),
  })
  return {
    shared: face(settings.metricsListen === undefined ? mayInspect : () => false),
    inspection: face(mayInspect),
  }
}

function apiFaces({ engine, settings, routes }: FaceParts): readonly Face[] {
  const options = {
    pkcs12: new PkijsPkcs12Builder(engine.random),
    loginThrottle: new LoginThrottle({ clock: engine.clock, admissions: engine.store.admissions }),
  }
  const gate = createMaintenanceGate(engine)
  const closing: readonly Face[] = [
    certcentralFace(engine, settings),
    oneFace(engine, settings, options.pkcs12),
    // Whoever opens a mail's link comes to the public URL, which may be plain HTTP.
    { name: 'approval', exposure: 'status', plugin: approvalFace(engine) },
    {
      name: 'tinycert',
      exposure: 'api',
      prefix: tinycertPrefix,
      documented: [...endpoints.keys()].map((path) => ({
        method: 'POST',
        path: `${tinycertPrefix}/${path}`,
      })),
      plugin: tinycert(engine, options),
      refuseUnreadable: (status, path, requestId) =>
        path?.startsWith(`${tinycertPrefix}/`) === true
          ? tinycertUnreadable(status, path, requestId)
          : undefined,
      workOf: tinycertWork,
    },
  ]
  return [
    ...closing.map((face) => ({ ...face, gate })),
    { name: 'docs', exposure: 'api', plugin: docs({ catalogues, routes: () => routes }) },
  ]
}

/** Every call of this API is a POST. */
function tinycertWork(_method: string, path: string): Work {
  if (path.includes('/cert/status')) return 'revocation'
  return /\/(cert\/new|cert\/reissue|ca\/new|connect)/.test(path) ? 'issuance' : 'listing'
}

function certcentralFace(engine: Engine, settings: Settings): Face {
  const limits = { depth: settings.jsonDepth, members: settings.jsonMembers, elements: settings.jsonElements }
  return {
    name: 'certcentral',
    exposure: 'api',
    prefix: certcentralPrefix,
    documented: certcentralRoutes.map(({ method, path }) => ({
      method,
      path: `${certcentralPrefix}${path}`,
    })),
    refuseUnreadable: (_status, path) =>
      path?.startsWith(`${certcentralPrefix}/`) === true ? certcentralUnreadable() : undefined,
    plugin: certcentral(engine, {
      rates: engine.settings.limits.certcentral,
      parseJson: (body) => parseJsonBody(body, limits),
    }),
  }
}
