import type { ValidationType } from '../../../core/organizations/organization.ts'
import type { Product, ProductValidation } from '../../../core/products/product.ts'
import { validationTexts } from '../organizations/organization-view.ts'
import type { Members } from '../reply.ts'

interface ValidationWords {
  readonly type: string
  readonly name: string
  readonly description: string
}

const ofOrganization = (type: ValidationType): ValidationWords => ({ type, ...validationTexts[type] })

/** How the API calls what is validated: in orders, and in lists of products. */
const validations: { readonly [V in ProductValidation]: ValidationWords } = {
  dv: { type: 'dv', name: 'DV', description: 'Domain Validation' },
  ov: ofOrganization('ov'),
  ev: ofOrganization('ev'),
  private: ofOrganization('private_ssl'),
  client: { type: 'client', name: 'Client', description: 'Client Certificate Validation' },
  smime: ofOrganization('smime'),
  cs: ofOrganization('cs'),
  ev_cs: ofOrganization('ev_cs'),
  ds: ofOrganization('ds'),
}

/** What a product validates, as lists of products say it: nothing of certificates for people. */
export const validationNameOf = ({ validation }: Pick<Product, 'validation'>): string | undefined =>
  validation === 'client' ? undefined : validations[validation].name

/** A product as lists of orders and requests show it. */
export function productSummary({ nameId, name, type }: Product): Members {
  return { name_id: nameId, name, type }
}

/** A product as an order shows it. */
export function orderedProduct(product: Product): Members {
  const { type, name, description } = validations[product.validation]
  return {
    ...productSummary(product),
    validation_type: type,
    validation_name: name,
    validation_description: description,
    csr_required: product.csr === 'required',
  }
}
