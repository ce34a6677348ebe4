import { type Account, am, issueBody, newProgram, tlm } from './fixtures.ts'
import type { Rows } from './rows.ts'

/** Objects that are taken, changed by somebody else, or past changing. */
export async function provokeObjects(account: Account, rows: Rows): Promise<void> {
  const { client } = account
  await newProgram(client, 'harbour-bot', [])
  await rows.refusal(
    'taken',
    {
      condition: 'POST /user with the friendly name of another service user',
      fills: ['409 duplicate_error'],
      also: (_answer, { message }) => String(message).includes('harbour-bot'),
    },
    client.call('POST', `${am}/user`, { user_type: 'service', friendly_name: 'harbour-bot' }),
  )
  await client.good('POST', `${tlm}/seat`, { seat_id: 'crane-3', seat_type: { id: 'DEVICE_SEAT' } })
  const seat = `${tlm}/seat/crane-3?seat_type_id=DEVICE_SEAT`
  const { etag } = (await client.call('GET', seat)).headers
  await client.good('PUT', seat, { seat_name: 'Crane' })
  await rows.refusal(
    'version',
    {
      condition: 'PUT /seat/{seat_id} with If-Match of the version before another change',
      fills: ['409 version_conflict'],
    },
    client.call('PUT', seat, { seat_name: 'Old crane' }, { 'if-match': String(etag) }),
  )
  const once = (name: string) =>
    client.call('POST', `${tlm}/certificate`, issueBody(account, name), {
      'idempotency-key': 'conformance-1',
    })
  await once('once.harbour.example')
  await rows.refusal(
    'idempotency',
    { condition: 'an Idempotency-Key with another body', fills: ['409 idempotency_conflict'] },
    once('twice.harbour.example'),
  )
}
