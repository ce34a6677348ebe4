import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Installation, openInstallation, testCaller } from '../../../test/support/installation.ts'
import { type StoreKind, storeKinds } from '../../../test/support/stores.ts'
import { type Scope, temporaryFolder } from '../../../test/support/tmp.ts'
import { createApiKey, revokeApiKey } from '../accounts/api-key-create.ts'
import { changeAccountSettings } from '../accounts/change-account-settings.ts'
import { createAccount } from '../accounts/create-account.ts'
import { isFault } from '../faults.ts'
import type { Store, View } from '../store/store.ts'
import { changeUser } from './change-user.ts'
import { createContainer } from './create-container.ts'
import { createServiceUser } from './create-user.ts'
import { identify } from './principal.ts'
import { rootTemplateId } from './templates.ts'

/** Two processes on one store, both of which have let the key in before. */
async function twoProcesses(scope: Scope, kind: StoreKind) {
  const place = await kind.place(scope)
  const folder = temporaryFolder(scope, 'processes')
  const open = async () => {
    const installation = await openInstallation({ folder, location: place.location })
    scope.after(() => installation.close())
    return installation
  }
  const [here, there] = [await open(), await open()]
  const { account } = await createAccount(here, { email: 'alice@example.test' }, testCaller)
  const request = { accountId: account.id, role: 'administrator', restriction: null, endDate: null } as const
  const { text, record } = await createApiKey(here, request, testCaller)
  const principal = await identify(here, text, 'first')
  await identify(there, text, 'first')
  await identify(here, text, 'second')
  await identify(there, text, 'second')
  return { here, there, account, principal, text, record }
}

const robot = {
  email: 'robot@example.test',
  role: 'standard',
  containerAssignments: [],
  name: 'robot',
  restriction: null,
} as const

const division = (parentId: number) => ({
  parentId,
  name: 'Division',
  description: '',
  templateId: rootTemplateId,
  allowedDomainNames: [],
})

const refused = (process: Installation, text: string) =>
  assert.rejects(identify(process, text, 'later'), (error) => isFault(error, 'credential_unknown'))

for (const kind of storeKinds) {
  describe(`keys that were let in before, on ${kind.name}`, { skip: kind.skip }, () => {
    test('one that is revoked in one process is refused in all from the next request on', async (scope) => {
      const { here, there, account, text, record } = await twoProcesses(scope, kind)
      await revokeApiKey(there, account.id, record.publicId, testCaller)
      await refused(here, text)
      await refused(there, text)
    })

    test('one of a user who is inactive is refused, and works again when he is not', async (scope) => {
      const { here, there, principal } = await twoProcesses(scope, kind)
      const { user, apiKey } = await createServiceUser(here, principal, robot, testCaller)
      await identify(here, apiKey, 'first')
      await changeUser(there, principal, user.id, { status: 'inactive' }, testCaller)
      await refused(here, apiKey)
      await changeUser(there, principal, user.id, { status: 'active' }, testCaller)
      await identify(here, apiKey, 'third')
    })

    test('what an account is set to, and which containers there are, counts from the next request on', async (scope) => {
      const { here, there, account, principal } = await twoProcesses(scope, kind)
      const root = principal.user.containerId
      const made = await createContainer(here, principal, division(root), testCaller)
      const containerId = made.container.id
      const { apiKey } = await createServiceUser(here, principal, { ...robot, containerId }, testCaller)
      const before = await identify(here, apiKey, 'first')
      assert.deepEqual([...(before.scope.containerIds ?? [])], [containerId])
      assert.equal(before.account.settings.tinycertKey, undefined)
      const below = await createContainer(there, principal, division(containerId), testCaller)
      await changeAccountSettings(there, account.id, { tinycertKey: 'p-256' }, testCaller)
      const after = await identify(here, apiKey, 'second')
      assert.deepEqual([...(after.scope.containerIds ?? [])], [containerId, below.container.id])
      assert.equal(after.account.settings.tinycertKey, 'p-256')
    })

    test('one that ends by the clock is refused then, and one with a wrong secret always', async (scope) => {
      const { here, account } = await twoProcesses(scope, kind)
      const endDate = new Date(here.clock.time).toISOString().slice(0, 10)
      const request = { accountId: account.id, role: 'standard', restriction: null, endDate } as const
      const { text } = await createApiKey(here, request, testCaller)
      await identify(here, text, 'first')
      await identify(here, text, 'second')
      await refused(here, text.slice(0, -1) + (text.endsWith('0') ? '1' : '0'))
      await identify(here, text, 'third')
      here.clock.time = Date.parse(endDate) + 86_400_000
      await refused(here, text)
    })

    test('one costs the store no more than to tell its epoch', async (scope) => {
      const { here, text, principal } = await twoProcesses(scope, kind)
      const asked: string[] = []
      const store = listening(here.store, asked)
      await identify({ ...here, store }, text, 'first')
      assert.ok(asked.includes('accounts') && asked.includes('collection'))
      asked.length = 0
      const { user } = await identify({ ...here, store }, text, 'second')
      assert.deepEqual(asked, ['configurationEpoch'])
      assert.equal(user.id, principal.user.id)
    })
  })
}

/** The same store, which writes down what of it is read. */
function listening(store: Store, asked: string[]): Store {
  const heard = (view: View): View =>
    new Proxy(view, {
      get(target, name) {
        asked.push(String(name))
        return Reflect.get(target, name)
      },
    })
  return {
    read: (program) => store.read((view) => program(heard(view))),
    write: (program) => store.write(program),
    admissions: store.admissions,
    configurationEpoch: () => store.configurationEpoch(),
    healthy: () => store.healthy(),
    close: () => store.close(),
  }
}
