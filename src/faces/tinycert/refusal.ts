import { isFault, type Language } from '../../core/faults.ts'
import { answer, type TinycertAnswer } from './codes.ts'
import { answerToFault, inLanguage } from './faults.ts'

/** A request that is refused by its form, before any verb of the core is asked. */
export class RequestRefusal extends Error {
  readonly #answer: (language: Language) => TinycertAnswer

  constructor(answerIn: (language: Language) => TinycertAnswer) {
    super(answerIn('en').text)
    this.name = 'RequestRefusal'
    this.#answer = answerIn
  }

  answer(language: Language): TinycertAnswer {
    return this.#answer(language)
  }
}

export function methodDisallowed(method: string): RequestRefusal {
  return new RequestRefusal((language) =>
    answer('MethodDisallowed', inLanguage(language).methodDisallowed(method)),
  )
}

export function pathUnknown(path: string): RequestRefusal {
  return new RequestRefusal((language) => answer('NotFound', inLanguage(language).pathUnknown(path)))
}

export function mediaTypeRefused(mediaType: string): RequestRefusal {
  return new RequestRefusal((language) => answer('InputFailure', inLanguage(language).mediaType(mediaType)))
}

/** What the HTTP layer's errors have in common: Fastify's own, and those of our listeners. */
interface HttpError {
  readonly statusCode: number
  readonly code?: unknown
}

/** What Fastify says to a Content-Type that is no media type; otherwise 415 stands for content codings. */
const noMediaType = 'FST_ERR_CTP_INVALID_MEDIA_TYPE'

/**
 * The answer to whatever was thrown while a request was served: a fault, a refusal, an error of the HTTP layer
 * with a status below 500. Anything else is a defect of ours and gets the fixed answer.
 */
export function answerToError(error: unknown, language: Language, requestId: string): TinycertAnswer {
  if (isFault(error)) return answerToFault(error, language)
  if (error instanceof RequestRefusal) return error.answer(language)
  if (isHttpError(error)) return answerToHttpError(error, language)
  return answer('UnknownError', inLanguage(language).unknownError(requestId))
}

/** The HTTP layer's status stays, because proxies and clients act on it; the code is the nearest one. */
function answerToHttpError({ statusCode, code }: HttpError, language: Language): TinycertAnswer {
  const say = inLanguage(language)
  if (code === noMediaType) return answer('InputFailure', say.mediaTypeMalformed)
  const given = (text: string) => ({ ...answer('InputFailure', text), httpStatus: statusCode })
  switch (statusCode) {
    case 403:
      return answer('AccessDenied', say.plainHttpRefused)
    case 413:
      return given(say.bodyTooLarge)
    case 415:
      return given(say.contentEncoding)
    case 414:
    case 431:
      return given(say.headTooLarge)
    default:
      return given(say.bodyUnreadable)
  }
}

function isHttpError(error: unknown): error is HttpError {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  )
}
