import { loadAccountByEmail } from '../../../core/accounts/load-account.ts'
import { openSession } from '../../../core/accounts/session-open.ts'
import { Fault } from '../../../core/faults.ts'
import { type Endpoint, isSignedByAccount } from '../endpoint.ts'
import { requiredText, requirePresent } from '../parameters.ts'
import { objectReply } from '../reply.ts'
import { requireDigest } from '../signature.ts'
import { refuseReplay } from '../strict-mode.ts'

const path = 'connect'

/**
 * Opens a session. The passphrase is tried after the signature, so only who holds the API key can guess at it.
 * A `token` in the request is ignored: the new one never comes from the caller.
 */
export const connect: Endpoint = {
  path,
  async answer({ engine, options }, { form, requestId }) {
    requirePresent(form.fields, ['email', 'passphrase'])
    const email = requiredText(form.fields, 'email')
    const passphrase = requiredText(form.fields, 'passphrase')
    requireDigest(form)
    const account = await engine.store.read((view) => loadAccountByEmail(view, engine.sealer, email))
    if (!isSignedByAccount(engine, form, account)) throw new Fault('credential_unknown', {})
    await refuseReplay(engine, account, path, form.fields)
    const { clock, random, store, sealer, passphraseKeys } = engine
    const parts = { clock, random, store, sealer, passphraseKeys, loginThrottle: options.loginThrottle }
    const token = await openSession(parts, account, passphrase, { actor: { type: 'anonymous' }, requestId })
    return objectReply({ token })
  },
}
