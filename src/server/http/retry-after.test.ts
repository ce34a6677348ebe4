import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fastify } from 'fastify'
import { writeRetryAfter } from './retry-after.ts'

const now = Date.UTC(2031, 2, 1, 12, 0, 0, 400)

async function told(form: 'seconds' | 'date', status: number, given?: string | number) {
  const app = fastify()
  app.addHook('onSend', (_request, reply, payload, done) => {
    writeRetryAfter(reply, form, now)
    done(null, payload)
  })
  app.get('/', (_request, reply) => {
    if (given !== undefined) reply.header('retry-after', given)
    return reply.code(status).send('')
  })
  const { headers } = await app.inject('/')
  await app.close()
  return headers['retry-after']
}

test('every 429 and 503 says when to come again, and no other answer does by itself', async () => {
  assert.equal(await told('seconds', 429), '5')
  assert.equal(await told('seconds', 503, 17), '17')
  assert.equal(await told('seconds', 200), undefined)
  assert.equal(await told('date', 404), undefined)
})

test('as a date it is never earlier than the seconds it stands for', async () => {
  assert.equal(await told('date', 429, '17'), 'Sat, 01 Mar 2031 12:00:18 GMT')
  assert.equal(await told('date', 503), 'Sat, 01 Mar 2031 12:00:06 GMT')
})

test('a date that a face wrote itself stays', async () => {
  const date = 'Sat, 01 Mar 2031 12:30:00 GMT'
  assert.equal(await told('date', 503, date), date)
  assert.equal(await told('seconds', 503, date), date)
})
