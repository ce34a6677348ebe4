import { chancery, startServer } from '../../support/process.ts'
import type { Scope } from '../../support/tmp.ts'
import { type Account, tlm } from './fixtures.ts'
import type { Rows } from './rows.ts'
import { Client, members, textOf } from './world.ts'

/** Keys of a sandbox at a production host, and the reverse. */
export async function provokeEnvironments(scope: Scope, { client }: Account, rows: Rows): Promise<void> {
  const sandbox = await startServer(scope, { args: ['--sandbox', '--clientauth-listen', '127.0.0.1:0'] })
  const command = ['account', 'create', '--email', 'demo@example.test', '--json']
  const { stdout } = await chancery([...command, '--sandbox', '--data', sandbox.dataFolder])
  const demo = textOf(members(JSON.parse(stdout)), 'api_key')
  const hello = `${tlm}/hello`
  await rows.refusal(
    'key_of_sandbox',
    {
      condition: 'a key of a sandbox at a production host',
      fills: ['a demo key on a production host'],
      also: (_answer, { message }) => String(message).includes('sandbox (demo) environment'),
    },
    client.as(demo).call('GET', hello),
  )
  await rows.refusal(
    'key_of_production',
    { condition: 'a production key at a sandbox', fills: ['a demo key on a production host'] },
    new Client(sandbox.https, client.key, 0).call('GET', hello),
  )
  await new Client(sandbox.https, demo, 0).call('GET', hello)
  await sandbox.stop()
}
