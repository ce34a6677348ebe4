import { tellRefusal } from '../../../core/audit/tell-refusal.ts'
import { Fault, isFault } from '../../../core/faults.ts'
import { approveRecovery, spendApproval } from '../../../core/lifecycle/approve-recovery.ts'
import type { InventoryCertificate } from '../../../core/lifecycle/inventory.ts'
import { keptKeyOf } from '../../../core/lifecycle/kept-key.ts'
import type { Call } from '../call.ts'
import { ok } from '../reply.ts'
import { defineRoute } from '../route.ts'
import { meant } from './certificates.ts'
import { delivered } from './delivery.ts'

const recover = {
  api: 'mpki',
  path: '/v1/certificate/escrow/recover/:serial',
  access: 'RECOVER_EM_CERTIFICATE',
  tier: 'C',
} as const

/** Keys that were made and kept here, handed out once somebody else approved. */
export const escrowRoutes = [
  defineRoute({
    api: 'mpki',
    method: 'POST',
    path: '/v1/certificate/escrow/approve/:serial',
    access: 'APPROVE_EM_RECOVERY',
    tier: 'C',
    body: 'optional',
    async handler(call) {
      await approveRecovery(call.engine, call.member, await meant(call), call.caller)
      return ok({})
    },
  }),
  defineRoute({ ...recover, method: 'GET', hasEffect: true, handler: recovered }),
  // Newer documents of the vendor have this method in the place of GET.
  defineRoute({ ...recover, method: 'POST', body: 'optional', handler: recovered }),
] as const

async function recovered(call: Call<'serial'>) {
  const withChain = call.query.flag('include_chain') ?? false
  try {
    const item = await meant(call)
    await requireKept(call, item)
    await spendApproval(call.engine, call.member, item, call.caller)
    const { certificate, pkcs12_password } = await delivered(call, item, {
      format: 'pkcs12',
      written: 'PKCS12',
      withChain,
    })
    return ok({ delivery_format: 'PKCS12', certificate, pkcs12_password })
  } catch (error) {
    await tellIfRefused(call, error)
    throw error
  }
}

/** A key that was never kept is answered like a certificate that is not there. @throws Fault certificate_unknown */
async function requireKept(call: Call, item: InventoryCertificate): Promise<void> {
  const keyId = await call.engine.store.read((view) => keptKeyOf(view, item))
  if (keyId === null) throw new Fault('certificate_unknown', {})
}

async function tellIfRefused(call: Call<'serial'>, error: unknown): Promise<void> {
  if (!isFault(error, 'certificate_unknown') && !isFault(error, 'recovery_not_approved')) return
  await tellRefusal(
    call.engine,
    {
      action: 'key.release-refused',
      accountId: call.account.id,
      object: `serial-number:${call.pathText('serial').slice(0, 80)}`,
      detail: { reason: error.code },
    },
    call.caller,
  )
}
