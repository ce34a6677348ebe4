/** The three APIs of the platform; each has its own form of errors. */
export type Api = 'account' | 'mpki' | 'certificate-authority'

/** Where each begins. */
export const prefixes: { readonly [A in Api]: string } = {
  account: '/account/api',
  mpki: '/mpki/api',
  'certificate-authority': '/certificate-authority/api',
}

export const apis = Object.keys(prefixes) as readonly Api[]
