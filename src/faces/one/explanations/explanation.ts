import type { ErrorExplanation } from '../../../core/catalogue.ts'
import type { Code } from '../reasons.ts'

/** What the documentation says about each code, in one language. */
export type Explanations = { readonly [C in Code]: ErrorExplanation }

/** Makes explanations whose advice on trying again is the same unless they say another. */
export function explainer(usualRetry: string) {
  return (meaning: string, causes: readonly string[], fix: string, retry = usualRetry): ErrorExplanation => ({
    meaning,
    causes,
    fix,
    retry,
  })
}
