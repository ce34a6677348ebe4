import { systemCaller } from '../../src/core/audit/caller.ts'
import { issueCertificate } from '../../src/core/certificates/issue.ts'
import type { IssueRequest } from '../../src/core/certificates/issue-request.ts'
import { readFrames } from '../frames.ts'
import type { Installation } from './installation.ts'
import type { Figures, Task } from './task.ts'

type Issuing = Extract<Task, { kind: 'issue' }>

/** Request files read so far; a round must not begin with reading one. */
const files = new Map<string, Buffer[]>()

/** Issues at the engine's verb for as long as the task says. */
export async function issueFor(installation: Installation, task: Issuing): Promise<Figures> {
  const { engine } = installation
  const next = requestsOf(installation, task)
  let count = 0
  const start = performance.now()
  const end = start + task.seconds * 1_000
  const keepIssuing = async () => {
    while (performance.now() < end) {
      await issueCertificate(engine, next(), systemCaller)
      count += 1
    }
  }
  await Promise.all(Array.from({ length: task.concurrency }, keepIssuing))
  return { count, seconds: (performance.now() - start) / 1_000 }
}

function requestsOf({ accountId, authorityId }: Installation, { key }: Issuing): () => IssueRequest {
  const common = { accountId, authorityId, origin: 'command-line' as const, subject: [] }
  if (typeof key === 'string') {
    const names = [{ type: 'dns' as const, value: 'host.bench.example', parameter: 'name' }]
    return () => ({ ...common, names, key: { from: 'server', kind: key } })
  }
  const requests = files.get(key.requests) ?? readFrames(key.requests)
  files.set(key.requests, requests)
  let at = key.from
  return () => {
    const csr = requests[at++ % requests.length]
    if (csr === undefined) throw new RangeError('no certification requests')
    return { ...common, names: 'from-request', key: { from: 'request', csr } }
  }
}
