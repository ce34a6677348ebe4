import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from './logging.ts'

function logging(): { readonly log: ReturnType<typeof createLog>; readonly lines: () => unknown[] } {
  const written: string[] = []
  const log = createLog('info', { write: (line) => written.push(line) })
  return { log, lines: () => written.map((line) => JSON.parse(line)) }
}

test('secret members of the facts of a line, and of objects in them, are censored; the facts themselves stay', () => {
  const { log, lines } = logging()
  const facts = { password: 'p-1', request: { headers: { cookie: 'c-1' }, path: '/a' }, count: 3 }
  log.info(facts, 'seen')
  const [line] = lines()
  assert.partialDeepStrictEqual(line, {
    level: 'info',
    msg: 'seen',
    password: '[secret]',
    request: { headers: '[secret]', path: '/a' },
    count: 3,
  })
  assert.deepEqual(facts, { password: 'p-1', request: { headers: { cookie: 'c-1' }, path: '/a' }, count: 3 })
})

test('an error is told by name, code, message and causes; its other members are not', () => {
  const { log, lines } = logging()
  const error = Object.assign(new Error('outer', { cause: new RangeError('inner') }), {
    code: 'E1',
    query: 'select secrets',
  })
  log.error({ err: error }, 'failed')
  const [line] = lines()
  assert.partialDeepStrictEqual(line, {
    level: 'error',
    err: { name: 'Error', code: 'E1', message: 'outer', cause: { name: 'RangeError', message: 'inner' } },
  })
  assert.doesNotMatch(JSON.stringify(line), /select secrets/)
})

test('facts that cannot be listed are logged without a failure', () => {
  const { log, lines } = logging()
  const around: { name: string; self?: unknown } = { name: 'loop' }
  around.self = around
  log.info({ around, none: null, list: [1, 'two'] }, 'seen')
  assert.partialDeepStrictEqual(lines()[0], { msg: 'seen', none: null, list: [1, 'two'] })
})
