import type { Product, ProductValidation } from '../../../core/products/product.ts'
import type { Members } from '../reply.ts'

/** How the API calls what is validated: in orders, and in lists of products. */
const validations: {
  readonly [V in ProductValidation]: {
    readonly type: string
    readonly name: string
    readonly description: string
  }
} = {
  dv: { type: 'dv', name: 'DV', description: 'Domain Validation' },
  ov: { type: 'ov', name: 'OV', description: 'Normal Organization Validation' },
  ev: { type: 'ev', name: 'EV', description: 'Extended Organization Validation (EV)' },
  private: { type: 'private_ssl', name: 'Private SSL', description: 'Private SSL Validation' },
  client: { type: 'client', name: 'Client', description: 'Client Certificate Validation' },
  smime: { type: 'smime', name: 'SMIME', description: 'SMIME Organization Validation' },
  cs: { type: 'cs', name: 'CS', description: 'Code Signing Organization Validation' },
  ev_cs: {
    type: 'ev_cs',
    name: 'EV CS',
    description: 'Code Signing Organization Extended Validation (EV CS)',
  },
  ds: { type: 'ds', name: 'DS', description: 'Document Signing Validation' },
}

/** What a product validates, as lists of products say it. */
export const validationNameOf = ({ validation }: Pick<Product, 'validation'>): string =>
  validations[validation].name

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
