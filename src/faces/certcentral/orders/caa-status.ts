import { type CaaVerdict, previewOrderCaa } from '../../../core/domains/check-order-caa.ts'
import type { Language } from '../../../core/faults.ts'
import { loadPolicy } from '../../../core/identity/account-policy.ts'
import type { OrderDetails } from '../../../core/orders/load-order-details.ts'
import type { Call } from '../call.ts'
import type { Members } from '../reply.ts'

const open: readonly string[] = ['needs_approval', 'pending', 'processing', 'reissue_pending', 'needs_csr']

const messages: { readonly [L in Language]: { readonly [V in CaaVerdict['verdict']]: string } } = {
  en: {
    permitted: 'The CAA records allow this authority to issue.',
    forbidden: 'The CAA records do not allow this authority to issue, or could not be read.',
    absent: 'A CAA record that names this authority is required, and none was found.',
  },
  ja: {
    permitted: 'CAA レコードはこの認証局による発行を許可しています。',
    forbidden: 'CAA レコードがこの認証局による発行を許可していないか、読み取れませんでした。',
    absent: 'この認証局を指定する CAA レコードが必要ですが、見つかりませんでした。',
  },
}

/** What CAA says of the names of an order that waits, by domain; undefined where nobody asks CAA. */
export async function caaStatusMessage<Parameter extends string>(
  { engine, account, language }: Call<Parameter>,
  { order, certificate, product }: OrderDetails,
): Promise<Members | undefined> {
  if (!open.includes(order.status) || product.issuer !== 'installation' || product.names.of !== 'hosts') {
    return undefined
  }
  const verdicts = await previewOrderCaa(engine, {
    account,
    policy: await engine.store.read((view) => loadPolicy(view, account.id)),
    names: certificate.content.dnsNames,
    method: order.methods?.method ?? null,
    now: engine.clock.now(),
  })
  return Object.fromEntries(verdicts.map(({ domain, verdict }) => [domain, messages[language][verdict]]))
}
