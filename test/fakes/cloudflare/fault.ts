import {
  type FaultyReply,
  type HttpFault,
  isAfter as isAfterHttp,
  JSON_TYPE,
  faultyReply as replyOf,
} from '../http-fault.js'
import { type ApiError, refusal } from './rules.js'

/** What goes wrong with one call. */
export type Fault = HttpFault | 'rate-limited' | ApiError

export function isAfter(fault: Fault): boolean {
  return isHttp(fault) && isAfterHttp(fault)
}

/** @param retryAfter seconds */
export function faultyReply(fault: Fault, retryAfter: number): FaultyReply {
  if (isHttp(fault)) return replyOf(fault)
  if (fault !== 'rate-limited') return errorReply(fault)
  return errorReply(refusal(971, 'Please wait and consider throttling your request speed.', 429), {
    'retry-after': String(retryAfter),
  })
}

function isHttp(fault: Fault): fault is HttpFault {
  return typeof fault === 'string' ? fault !== 'rate-limited' : 'when' in fault
}

export function errorReply(
  { status, code, message, source }: ApiError,
  headers: Readonly<Record<string, string>> = {},
): Exclude<FaultyReply, undefined> {
  const error = source === undefined ? { code, message } : { code, message, source }
  const body = { success: false, errors: [error], messages: [], result: null }
  return { status, body, headers: { ...JSON_TYPE, ...headers } }
}
