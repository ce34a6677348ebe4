import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Approval, approvalOf, approveByMail } from '../../core/domains/approve-by-mail.ts'
import type { Engine } from '../../core/engine.ts'
import { isFault } from '../../core/faults.ts'
import { languageOf } from '../../core/language.ts'
import { retryAfterSeconds } from '../../core/limits/retry-after.ts'
import type { Html } from '../html.ts'
import { approvalPage, closedPage, style, unknownPage } from './pages.ts'

const policy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/**
 * `/domain-approval?token=`: where approval mails lead to. Opening the page changes nothing, so that programs which
 * open the links of mails approve nothing; only its button does.
 */
export function approvalFace(engine: Engine): FastifyPluginAsync {
  return async (scope) => {
    // The form has nothing but its address: whatever a browser sends along is not looked at.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null))
    scope.setErrorHandler((error, request, reply) => {
      if (!isFault(error, 'maintenance')) throw error
      const { retryAfterMs, message } = error.detail
      const language = languageOf(request.headers['accept-language'])
      reply.code(503).header('retry-after', retryAfterSeconds(retryAfterMs))
      return send(reply, closedPage(message, language), language)
    })
    scope.get('/domain-approval/style.css', async (_request, reply) =>
      reply.type('text/css').header('cache-control', 'public, max-age=3600').send(style),
    )
    scope.get('/domain-approval', (request, reply) =>
      answer(request, reply, () => approvalOf(engine, tokenOf(request))),
    )
    scope.post('/domain-approval', (request, reply) => {
      const caller = { actor: { type: 'anonymous' }, requestId: request.id } as const
      return answer(request, reply, () => approveByMail(engine, tokenOf(request), caller))
    })
  }
}

/** Empty for what is none; that is no mail's. */
function tokenOf({ query }: FastifyRequest): string {
  const { token } = query as { readonly token?: unknown }
  return typeof token === 'string' ? token : ''
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<Approval>,
): Promise<FastifyReply> {
  const language = languageOf(request.headers['accept-language'])
  try {
    return send(reply, approvalPage(await work(), language), language)
  } catch (error) {
    if (!isFault(error, 'object_unknown')) throw error
    return send(reply.code(404), unknownPage(language), language)
  }
}

function send(reply: FastifyReply, page: Html, language: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-language', language)
    .header('vary', 'accept-language')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-robots-tag', 'noindex')
    .header('content-security-policy', policy)
    .send(page.text)
}
