import { caCertId } from '../../../core/authorities/ca-cert-id.ts'
import type { BuyableProduct, NamedIssuer } from '../../../core/products/buyable-products.ts'
import { profileOptions } from '../../../core/products/choose-profile.ts'
import type { Product, SignatureHash } from '../../../core/products/product.ts'
import { JAVA_PLATFORM, serverPlatforms } from '../../../core/products/server-platforms.ts'
import { serverPlatformView } from '../certificates/certificate-view.ts'
import type { Members } from '../reply.ts'
import { validationNameOf } from './product-view.ts'

/** A product in the list of products. */
export function productListView({ product, issuers }: BuyableProduct): Members {
  return {
    group_name: product.group,
    name_id: product.nameId,
    name: product.name,
    type: product.type,
    validation_type: validationNameOf(product),
    // Empty: all of them.
    allowed_container_ids: [],
    allowed_validity_years: certificateYears(product),
    allowed_order_validity_years: product.orderYears,
    signature_hash_types: {
      allowed_hash_types: product.signatureHashes.map(hashView),
      default_hash_type_id: product.signatureHashes[0],
    },
    allowed_ca_certs: issuers.map(issuerView),
    csr_required: product.csr === 'required',
    replacement_product_name_id: product.replacement ?? undefined,
    custom_order_expiration_date_allowed: product.customExpiration,
  }
}

/** One product with everything an order of it may say. */
export function productInfoView(buyable: BuyableProduct): Members {
  const { product } = buyable
  const options = profileOptions(product)
  const names = product.names.of === 'nothing' ? 0 : product.names.maximum
  return {
    ...productListView(buyable),
    duplicates_allowed: product.duplicates,
    max_multi_year_order_validity_years: Math.max(...product.orderYears),
    additional_dns_names_allowed: product.names.of === 'hosts' && product.names.shape !== 'single',
    maximum_names: names,
    increased_compatibility_allowed: false,
    custom_expiration_date_allowed: product.customExpiration,
    maximum_validity_days: product.maximumLifetimeDays,
    allow_auto_renew: product.csr !== 'not-taken',
    allowed_auto_renew: product.csr !== 'not-taken',
    server_platforms: platformsOf(product).map(({ id }) => serverPlatformView(id)),
    profile_options: options.length > 0 ? options : undefined,
  }
}

/** Whole years a certificate may last; one where it lasts less. */
function certificateYears({ maximumLifetimeDays }: Product): readonly number[] {
  const longest = Math.max(1, Math.floor(maximumLifetimeDays / 365))
  return Array.from({ length: longest }, (_, place) => place + 1)
}

function hashView(id: SignatureHash): Members {
  return { id, name: id.toUpperCase().replace('SHA', 'SHA-') }
}

function issuerView({ authority, name, above }: NamedIssuer): Members {
  return { id: caCertId(authority), name, chain_info: [name, ...above].join(' < ') }
}

function platformsOf({ subject }: Product): typeof serverPlatforms {
  if (subject === 'server' || subject === 'robot') return serverPlatforms
  return subject === 'code' ? serverPlatforms.filter(({ id }) => id === JAVA_PLATFORM) : []
}
