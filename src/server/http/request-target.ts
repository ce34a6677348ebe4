/**
 * The target a request is routed by: repeated slashes of the path are one, because clients of the served APIs
 * write them, and the absolute form (RFC 9112 section 3.2.2) loses its scheme and authority.
 *
 * Below `/ocsp/` nothing changes after the CA's number: base64 in an OCSP request has slashes of its own.
 */
export function routedTarget(target: string): string {
  const origin = target.startsWith('/') ? target : withoutAuthority(target)
  const query = origin.indexOf('?')
  const path = query < 0 ? origin : origin.slice(0, query)
  if (!path.includes('//')) return origin
  return collapsed(path) + (query < 0 ? '' : origin.slice(query))
}

function withoutAuthority(target: string): string {
  const scheme = /^https?:\/\//i.exec(target)
  if (scheme === null) return target
  const path = target.indexOf('/', scheme[0].length)
  return path < 0 ? '/' : target.slice(path)
}

function collapsed(path: string): string {
  let result = ''
  let slashes = 0
  for (let index = 0; index < path.length; index++) {
    const isSlash = path[index] === '/'
    if (isSlash && path[index - 1] === '/') continue
    if (isSlash && ++slashes === 3 && result.startsWith('/ocsp/')) {
      return result + path.slice(index).replace(/^\/+/, '/')
    }
    result += path[index]
  }
  return result
}
