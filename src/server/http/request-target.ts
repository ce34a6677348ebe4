/**
 * The target a request is routed by: repeated slashes of the path are one, because clients of the served APIs
 * write them, and the absolute form (RFC 9112 section 3.2.2) loses its scheme and authority.
 *
 * A path whose percent signs do not decode to UTF-8 is taken to mean the signs themselves: it leads to what answers
 * unknown paths there, in the form of that API.
 *
 * Below `/ocsp/` nothing changes after the CA's number: base64 in an OCSP request has slashes of its own.
 */
export function routedTarget(target: string): string {
  if (target.startsWith('/') && !target.includes('//') && !target.includes('%')) return target
  const origin = target.startsWith('/') ? target : withoutAuthority(target)
  const query = origin.indexOf('?')
  const given = query < 0 ? origin : origin.slice(0, query)
  const path = given.includes('%') && !isDecodable(given) ? given.replaceAll('%', '%25') : given
  const rest = query < 0 ? '' : origin.slice(query)
  return (path.includes('//') ? collapsed(path) : path) + rest
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
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
