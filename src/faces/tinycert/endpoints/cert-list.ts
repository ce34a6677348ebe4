import type { AuthorityId } from '../../../core/brand.ts'
import { type Standing, standingOf } from '../../../core/certificates/standing.ts'
import type { CertificateSummary } from '../../../core/store/certificates.ts'
import { type Call, sessionEndpoint } from '../endpoint.ts'
import type { FormFields } from '../form.ts'
import { invalid } from '../input-reason.ts'
import { ownAuthority } from '../own-objects.ts'
import { isDecimal, requiredId, requiredText } from '../parameters.ts'
import type { Fields } from '../reply.ts'

/** Rows read at once. */
const pageSize = 500

/** The flags that `what` is a sum of. Superseded certificates have none: they are never listed. */
const flagOf: Readonly<Record<Standing, number>> = { expired: 1, good: 2, revoked: 4, hold: 8, obsolete: 0 }

/** The certificates of a CA that were not superseded, in order of id. */
export const certList = sessionEndpoint('cert/list', ['ca_id', 'what'], async (call) => {
  const id = requiredId(call.fields, 'ca_id')
  const flags = readFlags(call.fields)
  const authority = await ownAuthority(call, id)
  return { type: 'list', element: 'cert', pages: pagesOf(call, authority.id, flags) }
})

function readFlags(fields: FormFields): number {
  const text = requiredText(fields, 'what')
  const flags = text.length <= 4 && isDecimal(text) ? Number(text) : 0
  if (flags < 1 || flags > 15) throw invalid('what', 'status-flags')
  return flags
}

async function* pagesOf(
  call: Call,
  authority: AuthorityId,
  flags: number,
): AsyncGenerator<readonly Fields[]> {
  const { engine, session } = call
  // One moment for the whole list: nothing is listed as good after something that ends later as expired.
  const now = engine.clock.now()
  for (let after = 0; ; ) {
    const page = await engine.store.read((view) =>
      view.certificates.list({
        accountId: session.account.id,
        authorityId: authority,
        current: true,
        after,
        limit: pageSize,
      }),
    )
    yield page.flatMap((row) => show(row, flags, now))
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last.id
  }
}

function show(row: CertificateSummary, flags: number, now: number): readonly Fields[] {
  const status = standingOf(
    { notAfter: row.notAfter, supersededBy: null, supersededAt: null },
    row.status === null ? null : { status: row.status },
    now,
  )
  if ((flags & flagOf[status]) === 0) return []
  return [{ id: row.id, name: row.name, status, expires: Math.floor(row.notAfter / 1_000) }]
}
