import type { ErrorExplanation } from '../../../../core/catalogue.ts'
import type { ExplainedCode } from '../../explained-codes.ts'
import { names } from './names.ts'
import { orders } from './orders.ts'
import { parameters } from './parameters.ts'
import { products } from './products.ts'
import { requests } from './requests.ts'
import { validation } from './validation.ts'

/** What the documentation says about each code, in English. */
export const english: Readonly<Record<ExplainedCode, ErrorExplanation>> = {
  ...requests,
  ...parameters,
  ...products,
  ...names,
  ...validation,
  ...orders,
}
