import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { a } from '../../../conformance/rrsets.js'
import { never, ZONE } from '../../../conformance/subject.js'
import type { Provider } from '../../../providers/provider.js'
import type { MailsyncError } from '../../../records/error.js'
import { connectRoute53, SECRET, TOKEN } from '../../fakes/route53/connect.js'
import { awsError, type Fault, Route53Fake } from '../../fakes/route53/route53.js'

let fake: Route53Fake

beforeEach(() => {
  fake = new Route53Fake()
  fake.addZone(ZONE)
})
afterEach(() => {
  fake.close()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

async function failureOf(fault: Fault, options = {}): Promise<MailsyncError> {
  fake.fault = () => fault
  const provider = await connectRoute53(options)
  return provider.read(ZONE, never).then(
    () => {
      throw new Error('it did not fail')
    },
    (error: MailsyncError) => error,
  )
}

const denial =
  'User: arn:aws:iam::123456789012:user/mail is not authorized to perform: route53:ListHostedZonesByName because no identity-based policy allows the action'
/** AWS repeats the signed request, header by header, when the signature is wrong. */
const signatureMessage = `The request signature we calculated does not match. The Canonical String should have been 'GET\nx-amz-security-token:${TOKEN}'`

describe('what went wrong, and what to do', () => {
  test.each([
    ['InvalidClientTokenId', 403, 'x', 'authentication', 'AWS does not know this access key', /access_key_id/],
    ['SignatureDoesNotMatch', 403, signatureMessage, 'authentication', /signature/, /clock/],
    ['ExpiredToken', 403, 'x', 'authentication', 'the AWS session has expired', /aws sso login/],
    ['AccessDenied', 403, denial, 'permission', /may not route53:ListHostedZonesByName.*user\/mail/, /allow route53/],
    ['AccessDenied', 403, 'no', 'permission', /may not route53:ListHostedZonesByName/, /policy/],
    ['OptInRequired', 403, 'needs a subscription', 'permission', /account cannot use Route 53/, /suspended/],
    ['Throttling', 400, 'Rate exceeded', 'rate-limited', /too many requests: Rate exceeded/, /five requests a second/],
    ['PriorRequestNotComplete', 400, 'still', 'rate-limited', /busy with an earlier change/, /something else writes/],
    ['InvalidInput', 400, 'bad id', 'rejected', 'Route 53 refuses the request: bad id (HTTP 400)', undefined],
    ['ServiceUnavailable', 503, 'x', 'unavailable', /problem of its own \(HTTP 503\)/, /run the same command again/],
  ])('%s (HTTP %i)', async (apiCode, status, message, code, told, hint) => {
    const error = await failureOf(awsError(status, apiCode, message))
    expect(error).toMatchObject({ name: 'MailsyncError', code, apiCode })
    expect(error.message).toMatch(told)
    if (hint) expect(error.hint).toMatch(hint)
    else expect(error.hint).toBeUndefined()
    const everything = inspect(error, { depth: 10, showHidden: true })
    expect(everything).not.toContain(SECRET)
    expect(everything).not.toContain(TOKEN)
  })

  test('a cut connection', async () => {
    expect(await failureOf({ when: 'before', reply: 'cut' })).toMatchObject({
      code: 'unavailable',
      message: 'the connection to Route 53 failed (ECONNRESET)',
    })
  })

  test.each([
    [200, 'unavailable', '<html><p>Hello</html>'],
    [403, 'unavailable', '<html><p>Hello</html>'],
    [403, 'unavailable', '<html><p>Hello</p></html>'],
    [502, 'unavailable', '<html><p>Hello</html>'],
  ])('a page of a proxy (HTTP %i, %s): %s', async (status, code, body) => {
    const error = await failureOf({ when: 'before', reply: { status, body } })
    expect(error.code).toBe(code)
    expect(error.message).toContain(`HTTP ${status}`)
    expect(error.hint).toMatch(status < 500 ? /proxy/ : /again/)
  })

  test('no permission to change names the action that is missing', async () => {
    fake.fault = ({ action }) =>
      action === 'ChangeResourceRecordSets' ? awsError(403, 'AccessDenied', 'no') : undefined
    const provider = await connectRoute53()
    const result = await provider.write(ZONE, [{ kind: 'create', after: a('mail', ['192.0.2.1']) }], never)
    expect(result).toMatchObject({ applied: [], failure: { code: 'permission' } })
    expect(result.uncertain).toBeUndefined()
    expect(result.failure?.hint).toContain('route53:ChangeResourceRecordSets')
  })
})

/** Lets the SDK's waits pass in small steps, so that a request is over long before its time-out. */
async function fastForward<T>(work: Promise<T>): Promise<T> {
  let isOver = false
  const over = work.finally(() => {
    isOver = true
  })
  over.catch(() => {})
  while (!isOver) {
    await new Promise(setImmediate)
    await vi.advanceTimersByTimeAsync(5)
  }
  return over
}

describe('requests that are too many', () => {
  let provider: Provider
  beforeEach(async () => {
    provider = await connectRoute53({ client_max_attempts: 5 })
    vi.spyOn(Math, 'random').mockReturnValue(0)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  })

  test.each(['Throttling', 'PriorRequestNotComplete'])(
    '%s slows the SDK down until Route 53 takes them',
    async (code) => {
      const times: number[] = []
      fake.fault = (_, number) => {
        times.push(Date.now())
        return number <= 4 ? awsError(400, code, 'slow down') : undefined
      }
      expect(await fastForward(provider.read(ZONE, never))).toHaveLength(1)
      expect(fake.counts()).toEqual({ ListHostedZonesByName: 5, ListResourceRecordSets: 1 })
      expect((times[4] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(4000)
    },
  )

  test('to the end are told with the attempts made, and the time to wait if there is one', async () => {
    fake.fault = () => awsError(400, 'Throttling', 'Rate exceeded', { 'retry-after': '7' })
    const error = await fastForward(provider.read(ZONE, never)).catch((failure: MailsyncError) => failure)
    expect((error as MailsyncError).message).toMatch(/after 5 attempts, and asks to wait 7 s: Rate exceeded/)
  })
})
