import type { Engine } from '../engine.ts'
import { Fault } from '../faults.ts'
import type { AccountRecord, ApiKeyRecord } from './account.ts'
import { isApiKeyLive, matchesApiKey, readApiKeyText } from './api-key.ts'
import { checkedAccount, requireActive } from './load-account.ts'

/** Whose key a request showed. */
export interface ApiKeyHolder {
  readonly account: AccountRecord
  readonly key: ApiKeyRecord
}

/**
 * Checks the API key of a request.
 * @throws Fault credential_unknown for every key that does not work, whatever the reason; access_denied for a
 *   disabled account, account_unavailable, account_corrupt
 */
export async function useApiKey(
  parts: Pick<Engine, 'clock' | 'store' | 'sealer'>,
  text: string,
): Promise<ApiKeyHolder> {
  const shown = readApiKeyText(text)
  if (shown === undefined) throw new Fault('credential_unknown', {})
  const { key, account } = await parts.store.read(function* (view) {
    const found = yield* view.accounts.apiKey(shown.publicId)
    if (found === undefined) return { key: undefined, account: undefined }
    return { key: found, account: yield* view.accounts.byId(found.accountId) }
  })
  const matches = matchesApiKey(shown, key)
  if (!matches || key === undefined || !isApiKeyLive(key, parts.clock.now())) {
    throw new Fault('credential_unknown', {})
  }
  const checked = checkedAccount(parts.sealer, account)
  requireActive(checked)
  return { account: checked, key }
}
