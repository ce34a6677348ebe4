import type { ErrorExplanation } from '../../../core/catalogue.ts'
import type { ExplainedCode } from '../explained-codes.ts'

/** Explanations of one group of codes. */
export type Explanations = { readonly [C in ExplainedCode]?: ErrorExplanation }

/** Makes explanations whose advice on trying again is the same unless they say another. */
export function explainer(usualRetry: string) {
  return (meaning: string, causes: readonly string[], fix: string, retry = usualRetry): ErrorExplanation => ({
    meaning,
    causes,
    fix,
    retry,
  })
}
