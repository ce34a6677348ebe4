import assert from 'node:assert/strict'
import type { Run, Scenario } from './scenarios.ts'

const uuid = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i

/**
 * Why a run fails its scenario, or nothing when it passes.
 *
 * @param apiKey that the client was given
 */
export function verdict(scenario: Scenario, run: Run, apiKey: string): string | undefined {
  try {
    scenario.judge(run)
    sendsWhatItShould(run, apiKey)
    return undefined
  } catch (error) {
    if (!(error instanceof assert.AssertionError)) throw error
    return error.message.split('\n')[0]
  }
}

/** What holds in every scenario. */
function sendsWhatItShould({ requests, stdout, stderr }: Run, apiKey: string): void {
  assert.ok(!(stdout + stderr).includes(apiKey), 'the key is in the output')
  const idsOfCalls = new Map<string, Set<string>>()
  for (const { method, path, headers, body } of requests) {
    const call = `${method} ${path}`
    assert.equal(headers['x-api-key'], apiKey, `${call} without the key`)
    const id = String(headers['x-dc-transactionid'])
    assert.match(id, uuid, `${call} without a request id`)
    idsOfCalls.set(call, (idsOfCalls.get(call) ?? new Set()).add(id))
    const type = headers['content-type']
    if (method === 'GET') assert.equal(type, undefined, `${call} with a Content-Type`)
    else if (body !== '') assert.match(String(type), /^application\/json/, call)
  }
  for (const [call, ids] of idsOfCalls) {
    // Each pickup is a call of its own; all attempts of another call are one.
    if (!call.includes('pickup')) assert.equal(ids.size, 1, `${call} with another request id each time`)
  }
}
