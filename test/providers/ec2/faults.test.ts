import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ptrOf, ptrsOf } from '../../../conformance/addresses/addresses.js'
import { never } from '../../../conformance/subject.js'
import { connectAddresses } from '../../../providers/addresses/connect-addresses.js'
import { openClient } from '../../../providers/ec2/client.js'
import { elasticIps } from '../../../providers/ec2/elastic-ips.js'
import { plugin } from '../../../providers/ec2/index.js'
import type { Provider } from '../../../providers/provider.js'
import { ARPA } from '../../../records/rr/reverse.js'
import type { Change } from '../../../records/rr/rrset.js'
import { Ec2Fake, ec2Error } from '../../fakes/ec2/ec2.js'

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const ONE = '192.0.2.10'
const wanted: Change = { kind: 'create', after: ptrOf(ONE, 'mail.example.com.') }

let fake: Ec2Fake
let provider: Provider
beforeEach(async () => {
  fake = new Ec2Fake()
  fake.add(ONE)
  const keys = { access_key_id: 'AKIAIOSFODNN7EXAMPLE', secret_access_key: SECRET, client_max_attempts: 1 }
  const { client, region } = await openClient({ region: 'eu-west-1', ...keys })
  provider = connectAddresses(
    elasticIps(client, region, async () => {}),
    async () => {},
  )
})
afterEach(() => {
  fake.close()
  vi.unstubAllEnvs()
})

const onWrite =
  (status: number, code: string, message: string) =>
  ({ action }: { readonly action: string }) =>
    action.startsWith('Modify') ? ec2Error(status, code, message) : undefined

const DENIED =
  'You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/mail is not authorized to perform: ec2:ModifyAddressAttribute'

test.each([
  ['UnauthorizedOperation', 403, DENIED, 'permission', /may not ec2:ModifyAddressAttribute/],
  ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials', 'authentication', /access key/],
  ['RequestLimitExceeded', 503, 'Request limit exceeded.', 'rate-limited', /Request limit exceeded/],
  ['InvalidAllocationID.NotFound', 400, 'The allocation ID does not exist', 'stale', /the Elastic IP is gone/],
  ['InvalidParameterValue', 400, 'not a name', 'rejected', /EC2 refuses the request: not a name/],
])('%s (HTTP %i) is told, nothing is written, and no secret is shown', async (code, status, message, kind, told) => {
  fake.fault = onWrite(status, code, message)
  const { applied, failure } = await provider.write(ARPA, [wanted], never)
  expect([applied, failure?.code]).toEqual([[], kind])
  expect(failure?.message).toMatch(told)
  expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain(SECRET)
  expect(fake.addresses.get(ONE)?.ptr).toBeUndefined()
})

test('an update that fails at its end is told with the reason', async () => {
  fake.polls = 2
  fake.failing = 'zone is not available'
  const { applied, uncertain = [], failure } = await provider.write(ARPA, [wanted], never)
  expect([applied, uncertain, failure?.code]).toEqual([[], [], 'rejected'])
  expect(failure?.message).toContain('zone is not available')
})

test('an update that fails at its end because the name does not lead to the address has the code for that', async () => {
  fake.polls = 1
  fake.failing = 'no matching forward DNS record'
  expect((await provider.write(ARPA, [wanted], never)).failure).toMatchObject({ code: 'forward-missing' })
})

test('an update of somebody else that still runs is what counts, and is waited for before the next', async () => {
  fake.polls = 2
  const ip = fake.addresses.get(ONE)
  if (ip) ip.update = { value: 'old.example.com.', status: 'PENDING', reason: '', polls: 4 }
  expect(await ptrsOf(provider, [ONE])).toEqual([ptrOf(ONE, 'old.example.com.')])
  const change: Change = {
    kind: 'update',
    before: ptrOf(ONE, 'old.example.com.'),
    after: ptrOf(ONE, 'mail.example.com.'),
  }
  expect(await provider.write(ARPA, [change], never)).toEqual({ applied: [change] })
  expect(ip?.ptr).toBe('mail.example.com.')
})

test('a listing of many addresses is read to its end', async () => {
  fake.pageSize = 2
  const addresses = Array.from({ length: 5 }, (_, index) => `192.0.2.${index + 20}`)
  for (const address of addresses) fake.add(address, 'mail.example.com.')
  expect(await ptrsOf(provider, addresses)).toHaveLength(5)
})

test('without a region it says where to write one', async () => {
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, '')
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent')
  await expect(plugin.connect({}, { directory: '/', zones: [] })).rejects.toMatchObject({
    code: 'spec',
    hint: expect.stringContaining('region: eu-west-1'),
  })
})
