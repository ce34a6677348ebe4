import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemCaller } from '../../src/core/audit/caller.ts'
import { issueCertificate } from '../../src/core/certificates/issue.ts'
import { encodeCertId } from '../../src/pki/ocsp-cert-id.ts'
import { encodeOcspRequest } from '../../src/pki/ocsp-request.ts'
import { parseOcspResponse } from '../../src/pki/ocsp-response-reader.ts'
import { parseSubjectPublicKeyInfo } from '../../src/pki/spki.ts'
import { httpRequest } from '../../test/support/http.ts'
import { type Scope, temporaryFolder } from '../../test/support/tmp.ts'
import { CleanUp } from '../clean-up.ts'
import { type Contestant, contest } from '../contest.ts'
import { type Installation, openInstallation } from '../engine/installation.ts'
import { writeFrames } from '../frames.ts'
import { WrkLoad, wrkVersion } from '../load/wrk.ts'
import type { BenchOptions } from '../options.ts'
import { cfsslVersion, startCfsslOcspServe } from '../peers/cfssl.ts'
import { mebibytes, type Report } from '../report.ts'
import { makeRequests } from '../requests.ts'
import { memoryAtRest, type Served, startServed } from '../server/served.ts'

const mediaType = 'application/ocsp-request'
const cfssl = 'cfssl ocspserve'

/** OCSP answers a second by POST, each after a look at the present status, beside `cfssl ocspserve`. */
export async function measureOcsp(options: BenchOptions, report: Report): Promise<void> {
  report.heading('OCSP')
  if (wrkVersion() === undefined) return report.absent('OCSP answers', 'wrk is not installed')
  const scope = new CleanUp()
  try {
    const responders = [await startResponder(scope, 1, options), await startResponder(scope, 2, options)]
    const contestants: Contestant[] = responders.map(({ served, url, requests }) =>
      contestant({ name: served.name, url, processIds: served.processIds, bodies: requests }, options),
    )
    if (cfsslVersion() === undefined) report.absent(cfssl, 'it is not installed')
    else contestants.push(await cfsslContestant(scope, responders[0], options))
    const standings = await contest(contestants, options)
    report.contest(
      'OCSP answers a second, POST',
      standings,
      responders.map(({ served }) => ({ ours: served.name, theirs: cfssl, wanted: '≥ 0.8 ×, goal ≥ 1.2 ×' })),
    )
    report.table(
      ['memory', 'at rest', 'after this load'],
      responders.map(({ served, atRest }) => [served.name, mebibytes(atRest), mebibytes(served.memory())]),
    )
  } finally {
    await scope.run()
  }
}

interface Responder {
  readonly served: Served
  readonly url: string
  readonly messages: readonly Uint8Array[]
  /** File of frames with the messages. */
  readonly requests: string
  readonly atRest: number
}

/** A server that has issued certificates, and requests for their status. */
async function startResponder(scope: Scope, processes: number, options: BenchOptions): Promise<Responder> {
  const dataFolder = join(temporaryFolder(scope, 'bench-data'), 'data')
  const { authorityId, messages } = await issueSome(dataFolder, options.ocspCertificates)
  const requests = join(temporaryFolder(scope, 'bench-requests'), 'requests')
  writeFrames(requests, messages)
  const served = await startServed(scope, dataFolder, processes)
  const url = `${served.http}/ocsp/${authorityId}`
  const [first] = messages
  if (first !== undefined) await answersGood(url, first)
  return { served, url, messages, requests, atRest: await memoryAtRest(served, options.restMs) }
}

async function issueSome(dataFolder: string, count: number) {
  const installation = await openInstallation({ dataFolder, processName: 'bench' })
  try {
    const { engine, accountId, authorityId } = installation
    const issuer = await issuerOf(installation)
    const issued = await Promise.all(
      (await makeRequests(count)).map((csr) =>
        issueCertificate(
          engine,
          {
            accountId,
            authorityId,
            origin: 'command-line',
            subject: [],
            names: 'from-request',
            key: { from: 'request', csr },
          },
          systemCaller,
        ),
      ),
    )
    const messages = issued.map(({ serialNumber }) =>
      encodeOcspRequest([encodeCertId('sha1', issuer, serialNumber)]),
    )
    return { authorityId, messages }
  } finally {
    await installation.close()
  }
}

async function issuerOf({ engine, authorityId }: Installation) {
  const { authority } = await engine.directory.issuer(authorityId)
  return { subjectDer: authority.subjectDer, spki: parseSubjectPublicKeyInfo(authority.spkiDer) }
}

/** Waits for the first answer that says good: the CA gets its OCSP signer from a job after the start. */
async function answersGood(url: string, request: Uint8Array): Promise<void> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 100) {
    const response = parseOcspResponse(await ask(url, request))
    if (response.responseStatus === 'successful' && response.basic.responses[0]?.certStatus.status === 'good')
      return
    await delay(100)
  }
  throw new Error(`${url} does not say that a certificate is good`)
}

async function ask(url: string, request: Uint8Array): Promise<Uint8Array> {
  return (await httpRequest(url, { headers: { 'content-type': mediaType }, body: request })).body
}

/** Gives `cfssl ocspserve` our answers, so that both send the same bytes. */
async function cfsslContestant(
  scope: Scope,
  ours: Responder | undefined,
  options: BenchOptions,
): Promise<Contestant> {
  if (ours === undefined) throw new RangeError('no answers for cfssl')
  const answers: Uint8Array[] = []
  for (const message of ours.messages) answers.push(await ask(ours.url, message))
  const { url, processIds } = await startCfsslOcspServe(scope, answers)
  const [first] = ours.messages
  if (first !== undefined) await answersGood(url, first)
  return contestant({ name: cfssl, url, processIds, bodies: ours.requests }, options)
}

interface Target {
  readonly name: string
  readonly url: string
  readonly processIds: readonly number[]
  readonly bodies: string
}

function contestant({ name, url, processIds, bodies }: Target, options: BenchOptions): Contestant {
  const { concurrency: connections, seconds } = options
  const load = new WrkLoad({ url, contentType: mediaType, bodies, connections, seconds })
  return { name, processIds, measure: () => load.measure() }
}
