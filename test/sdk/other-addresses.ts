/** Further addresses of endpoints that the client calls where they are documented best. */
export const otherAddresses = [
  'GET /mpki/api/v1/certificate-by-id/:id',
  'GET /mpki/api/v1/certificate',
  'POST /mpki/api/v1/certificate/search',
  'POST /mpki/api/v1/certificate/escrow/recover/:serial',
  'GET /mpki/api/v1/profile',
  'GET /mpki/api/v1/profile/:id',
  'GET /mpki/api/v3/profile',
  'GET /mpki/api/v3/profile/:id',
  'GET /certificate-authority/api/v1/certificate/:id/download',
] as const
