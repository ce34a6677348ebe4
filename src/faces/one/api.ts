/** The three APIs of the platform; each has its own form of errors. */
export type Api = 'account' | 'mpki' | 'certificate-authority'

/** Where each begins. */
export const prefixes = {
  account: '/account/api',
  mpki: '/mpki/api',
  'certificate-authority': '/certificate-authority/api',
} as const satisfies { readonly [A in Api]: string }

export const apis = Object.keys(prefixes) as readonly Api[]
