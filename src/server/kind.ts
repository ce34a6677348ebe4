import type { InstallationKind } from '../core/accounts/api-key.ts'
import type { Store } from '../core/store/store.ts'
import { StartError } from './start-error.ts'

/**
 * Says at the first start whether a store is for production or a sandbox, and refuses ever after to open it as
 * the other: what is signed in a sandbox must not be mistaken for the real thing, nor the real keys be played with.
 *
 * @param create whether this may be the first start
 * @throws StartError
 */
export async function claimKind(store: Store, wanted: InstallationKind, create: boolean): Promise<void> {
  const stored = await store.read((view) => view.runtime.setting('kind'))
  const kind = stored ?? (await firstKind(store, wanted, create))
  if (kind === wanted) return
  throw new StartError(
    kind === 'sandbox'
      ? 'this data folder is a sandbox: start with --sandbox, or name another folder with --data'
      : 'this data folder is for production and is never opened with --sandbox: name another with --data',
  )
}

async function firstKind(store: Store, wanted: InstallationKind, create: boolean): Promise<string> {
  if (!create) throw new StartError('nothing was set up here yet: run "chancery serve" once')
  return store.write(function* (transaction) {
    // Two first starts at once: the first one decides.
    const held = yield* transaction.runtime.holdSetting('kind')
    if (held !== undefined) return held
    yield* transaction.runtime.setSetting('kind', wanted)
    return wanted
  })
}
