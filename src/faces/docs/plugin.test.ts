import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type FastifyInstance, fastify } from 'fastify'
import type { ErrorCatalogue, ErrorExplanation } from '../../core/catalogue.ts'
import { docs } from './plugin.ts'

const explanation = (meaning: string): ErrorExplanation => ({
  meaning,
  causes: ['<b>cause</b> & "quoted"'],
  fix: "it's simple",
  retry: 'no',
})
const catalogue: ErrorCatalogue = {
  face: 'sample',
  title: { en: 'Sample <API>', ja: '見本' },
  entries: [
    {
      code: 'NotFound',
      httpStatus: 404,
      retryAdvice: 'fix',
      text: { en: explanation('it is not there'), ja: explanation('ありません') },
    },
  ],
}

let app: FastifyInstance
before(async () => {
  app = fastify()
  const routes = () => [{ face: 'sample', method: 'POST', path: '/api/<x>' }]
  await app.register(docs({ catalogues: [catalogue], routes }))
})
after(() => app.close())

const page = (url: string, acceptLanguage?: string) =>
  app.inject({ url, headers: acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage } })

test('the index names every path and every catalogue', async () => {
  const { body, statusCode } = await page('/docs')
  assert.equal(statusCode, 200)
  assert.match(body, /<code>\/api\/&lt;x&gt;<\/code>/)
  assert.match(body, /<a href="\/docs\/errors\/sample">Sample &lt;API&gt;<\/a>/)
})

test('a code is explained with everything escaped and nothing loaded from elsewhere', async () => {
  const { body, headers } = await page('/docs/errors/sample/NotFound')
  assert.match(body, /it is not there/)
  assert.match(body, /&lt;b&gt;cause&lt;\/b&gt; &amp; &quot;quoted&quot;/)
  assert.match(body, /it&#39;s simple/)
  assert.doesNotMatch(body, /https?:\/\//)
  assert.match(String(headers['content-security-policy']), /default-src 'none'/)
})

test('the language follows lang, else Accept-Language by weight', async () => {
  assert.match((await page('/docs/errors/sample/NotFound', 'en;q=0.5, ja')).body, /ありません/)
  assert.match((await page('/docs/errors/sample/NotFound', 'fr, en;q=0.1')).body, /it is not there/)
  const chosen = await page('/docs/errors/sample/NotFound?lang=en', 'ja')
  assert.match(chosen.body, /it is not there/)
  assert.equal(chosen.headers['content-language'], 'en')
})

test('letter case of a code does not matter, unknown faces and codes are 404', async () => {
  assert.equal((await page('/docs/errors/sample/notfound')).statusCode, 200)
  for (const url of ['/docs/errors/other', '/docs/errors/sample/Other', '/docs/errors/__proto__/x']) {
    assert.equal((await page(url)).statusCode, 404, url)
  }
})
