import type { HostShape, Product, ProductGroup, ProfileFamily } from './product.ts'

/** Alternative names of the widest products; an operator's limit for all certificates may be lower. */
const MOST_NAMES = 250

const maximumOf: { readonly [Shape in HostShape]: number } = {
  // The name and its twin with or without `www`.
  single: 2,
  wildcard: MOST_NAMES,
  multi: MOST_NAMES,
  cloud: MOST_NAMES,
  flex: MOST_NAMES,
}

type Line = Pick<Product, 'group' | 'type' | 'validation' | 'organization' | 'profiles'>

const common = {
  subject: 'server',
  issuer: 'installation',
  csr: 'required',
  duplicates: true,
  certificateTransparency: true,
  orderYears: [1, 2, 3],
  customExpiration: true,
  // One day less than TLS BR section 6.3.2 allows until 2027-03-15; from then on its dated limits are shorter.
  maximumLifetimeDays: 199,
  signatureHashes: ['sha256', 'sha384', 'sha512'],
  replacement: null,
} as const satisfies Partial<Product>

function hosts(line: Line, nameId: string, name: string, shape: HostShape): Product {
  const wildcards = line.validation !== 'ev' && shape !== 'single' && shape !== 'multi'
  return {
    ...common,
    ...line,
    nameId,
    name,
    names: { of: 'hosts', shape, wildcards, maximum: maximumOf[shape] },
  }
}

const ov = (group: ProductGroup): Line => ({
  group,
  type: 'ssl_certificate',
  validation: 'ov',
  organization: 'ov',
  profiles: 'tls-ov',
})
const ev = (group: ProductGroup): Line => ({
  ...ov(group),
  validation: 'ev',
  organization: 'ev',
  profiles: 'tls-ev',
})
const dv: Line = {
  group: 'dv_ssl_certificate',
  type: 'dv_ssl_certificate',
  validation: 'dv',
  organization: null,
  profiles: 'tls-dv',
}

const standardOv = ov('ssl_certificate')
const standardEv = ev('ssl_certificate')
const secureSiteOv = ov('securesite_ssl_certificate')
const secureSiteEv = ev('securesite_ssl_certificate')

const publicTls: readonly Product[] = [
  hosts(standardOv, 'ssl_plus', 'Standard SSL', 'single'),
  hosts(standardOv, 'ssl_multi_domain', 'Multi-Domain SSL', 'multi'),
  hosts(standardOv, 'ssl_wildcard', 'WildCard Plus', 'wildcard'),
  hosts(standardEv, 'ssl_ev_plus', 'Extended Validation SSL', 'single'),
  hosts(standardEv, 'ssl_ev_multi_domain', 'EV Multi-Domain', 'multi'),
  hosts(standardOv, 'ssl_cloud_wildcard', 'Cloud', 'cloud'),
  hosts(standardOv, 'ssl_basic', 'Basic OV', 'flex'),
  hosts(standardEv, 'ssl_ev_basic', 'Basic EV', 'flex'),
  hosts(secureSiteOv, 'ssl_securesite', 'Secure Site SSL', 'single'),
  hosts(secureSiteOv, 'ssl_securesite_multi_domain', 'Secure Site Multi-Domain SSL', 'multi'),
  hosts(secureSiteOv, 'ssl_securesite_wildcard', 'Secure Site Wildcard SSL', 'wildcard'),
  hosts(secureSiteEv, 'ssl_ev_securesite', 'Secure Site EV SSL', 'single'),
  hosts(secureSiteEv, 'ssl_ev_securesite_multi_domain', 'Secure Site EV Multi-Domain SSL', 'multi'),
  hosts(secureSiteOv, 'ssl_securesite_flex', 'Secure Site OV', 'flex'),
  hosts(secureSiteOv, 'ssl_securesite_pro', 'Secure Site Pro SSL', 'flex'),
  hosts(secureSiteEv, 'ssl_ev_securesite_flex', 'Secure Site EV', 'flex'),
  hosts(secureSiteEv, 'ssl_ev_securesite_pro', 'Secure Site Pro EV SSL', 'flex'),
  hosts(ov('geotrust_ssl_certificate'), 'ssl_geotrust_truebizid', 'GeoTrust TrueBusiness ID OV', 'flex'),
  hosts(dv, 'ssl_dv_geotrust', 'GeoTrust Standard DV', 'single'),
  hosts(dv, 'ssl_dv_rapidssl', 'RapidSSL Standard DV', 'single'),
  hosts(dv, 'wildcard_dv_geotrust', 'GeoTrust Wildcard DV', 'wildcard'),
  hosts(dv, 'wildcard_dv_rapidssl', 'RapidSSL Wildcard DV', 'wildcard'),
  hosts(dv, 'cloud_dv_geotrust', 'GeoTrust Cloud DV', 'cloud'),
  hosts(dv, 'ssl_dv_geotrust_flex', 'GeoTrust DV SSL', 'flex'),
]

const privateLine: Line = {
  group: 'private_ssl_certificate',
  type: 'ssl_certificate',
  validation: 'private',
  organization: 'private_ssl',
  profiles: 'private-tls',
}

/** Below a CA of the account, for internal names and private addresses as well. */
const privateTls: readonly Product[] = (
  [
    ['private_ssl_plus', 'Private SSL', 'single'],
    ['private_ssl_wildcard', 'Private SSL Wildcard', 'wildcard'],
    ['private_ssl_multi_domain', 'Private SSL Multi-Domain', 'multi'],
    ['private_ssl_flex', 'Private SSL Flex', 'flex'],
  ] as const
).map(([nameId, name, shape]) => ({
  ...hosts(privateLine, nameId, name, shape),
  issuer: 'account',
  certificateTransparency: false,
  maximumLifetimeDays: 1_095,
  signatureHashes: ['sha256', 'sha384', 'sha512', 'sha1'],
}))

const gridLine: Line = {
  group: 'grid_certificate',
  type: 'ssl_certificate',
  validation: 'ov',
  organization: 'grid',
  profiles: 'grid-host',
}

const grid: readonly Product[] = (
  [
    ['grid_host_ssl', 'Grid Host SSL', 'single', 'server'],
    ['grid_host_ssl_multi_domain', 'Grid Host SSL Multi-Domain', 'multi', 'server'],
    ['grid_robot_ssl', 'Grid Robot SSL', 'single', 'robot'],
    ['grid_robot_ssl_multi_domain', 'Grid Robot SSL Multi-Domain', 'multi', 'robot'],
  ] as const
).map(([nameId, name, shape, subject]) => {
  const profiles: ProfileFamily = subject === 'robot' ? 'grid-robot' : 'grid-host'
  return { ...hosts({ ...gridLine, profiles }, nameId, name, shape), subject, orderYears: [1] }
})

/** Products for names of hosts. */
export const hostProducts: readonly Product[] = [...publicTls, ...privateTls, ...grid]
