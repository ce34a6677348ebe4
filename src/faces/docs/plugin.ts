import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCatalogue, entryOf } from '../../core/catalogue.ts'
import type { Language } from '../../core/faults.ts'
import { languageOf } from '../../core/language.ts'
import type { Html } from '../html.ts'
import { cataloguePage, entryPage, indexPage, type ServedRoute, style } from './pages.ts'

export interface DocsOptions {
  /** One for each face that has error codes. */
  readonly catalogues: readonly ErrorCatalogue[]
  /** Everything that is served, asked for when a page is made, because faces are mounted one after the other. */
  readonly routes: () => readonly ServedRoute[]
}

const policy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * `/docs`: paths and error catalogues as small pages, in the language of `?lang=` or `Accept-Language`.
 */
export function docs({ catalogues, routes }: DocsOptions): FastifyPluginAsync {
  const byFace = new Map(catalogues.map((catalogue) => [catalogue.face, catalogue]))
  return async (scope) => {
    scope.get('/docs', async (request, reply) => {
      const language = languageFor(request)
      return send(reply, language, indexPage(catalogues, routes(), language))
    })
    scope.get('/docs/style.css', async (_request, reply) =>
      reply.type('text/css').header('cache-control', 'public, max-age=3600').send(style),
    )
    scope.get<{ Params: { face: string } }>('/docs/errors/:face', async (request, reply) => {
      const catalogue = byFace.get(request.params.face)
      if (catalogue === undefined) return reply.callNotFound()
      const language = languageFor(request)
      return send(reply, language, cataloguePage(catalogue, language))
    })
    scope.get<{ Params: { face: string; code: string } }>(
      '/docs/errors/:face/:code',
      async (request, reply) => {
        const catalogue = byFace.get(request.params.face)
        const entry = catalogue === undefined ? undefined : entryOf(catalogue, request.params.code)
        if (catalogue === undefined || entry === undefined) return reply.callNotFound()
        const language = languageFor(request)
        return send(reply, language, entryPage(catalogue, entry, language))
      },
    )
  }
}

function languageFor(request: FastifyRequest): Language {
  const { lang } = request.query as { readonly lang?: unknown }
  return lang === 'ja' || lang === 'en' ? lang : languageOf(request.headers['accept-language'])
}

function send(reply: FastifyReply, language: Language, page: Html): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-language', language)
    .header('vary', 'accept-language')
    .header('content-security-policy', policy)
    .send(page.text)
}
