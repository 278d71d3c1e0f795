import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { never, ZONE } from '../../../conformance/subject.js'
import type { Provider } from '../../../providers/provider.js'
import { plugin } from '../../../providers/route53/index.js'
import { Route53Fake } from '../../fakes/route53/route53.js'

describe('options', () => {
  const keys = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'secret' }

  test.each([
    [{}],
    [undefined],
    [keys],
    [{ ...keys, session_token: 'token' }],
    [{ profile: 'mail', role_arn: 'arn:aws:iam::123456789012:role/path/mail', region: 'us-gov-west-1' }],
    [{ zone_id: '/hostedzone/Z08884732BUJ6RTD8CVTI', endpoint: 'http://localhost:4566', client_max_attempts: '3' }],
  ])('%j are taken', (input) => expect(() => plugin.options(input)).not.toThrow())

  test.each([
    [{ access_key_id: 'AKIAEXAMPLE' }, 'secret_access_key'],
    [{ secret_access_key: 'secret' }, 'secret_access_key'],
    [{ session_token: 'token' }, 'session_token'],
    [{ ...keys, profile: 'mail' }, 'profile'],
    [{ role_arn: 'mail' }, 'role_arn'],
    [{ zone_id: 'example.com' }, 'zone_id'],
    [{ region: 'Virginia' }, 'region'],
    [{ endpoint: 'localhost' }, 'endpoint'],
    [{ client_max_attempts: 0 }, 'client_max_attempts'],
    [{ access_key_id: '' }, 'access_key_id'],
  ])('%j is wrong at %s', (input, path) => {
    expect(() => plugin.options(input)).toThrow(
      expect.objectContaining({ issues: expect.arrayContaining([expect.objectContaining({ path: [path] })]) }),
    )
  })

  test('an unknown one is an error, and every known one is documented', () => {
    expect(() => plugin.options({ acces_key_id: 'x' })).toThrow(/acces_key_id/)
    const documented = plugin.optionDocs.map(({ name }) => name)
    expect(documented).toEqual([...new Set(documented)])
    for (const name of documented) {
      const { issues } = catchIssues({ [name]: Symbol() })
      expect(issues.filter(({ code }) => code === 'unrecognized_keys')).toEqual([])
    }
  })
})

function catchIssues(input: unknown): { issues: readonly { code: string }[] } {
  try {
    plugin.options(input)
  } catch (error) {
    return error as { issues: readonly { code: string }[] }
  }
  throw new Error('these options were taken')
}

describe('credentials', () => {
  let directory: string
  let fake: Route53Fake

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mailsync-aws-'))
    const config = join(directory, 'config')
    const shared = join(directory, 'credentials')
    await writeFile(config, '[profile china]\nregion = cn-north-1\n')
    await writeFile(
      shared,
      '[mail]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = x\n[china]\naws_access_key_id = AKIACHINA\naws_secret_access_key = x\n',
    )
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_REGION', 'AWS_MAX_ATTEMPTS'])
      vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_CONFIG_FILE', config)
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', shared)
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  })
  afterEach(async () => {
    fake?.close()
    vi.unstubAllEnvs()
    await rm(directory, { recursive: true })
  })

  async function accessKey(options: Record<string, unknown>, endpoint?: string): Promise<string | undefined> {
    fake = new Route53Fake(endpoint)
    fake.addZone(ZONE)
    await (await connect(options)).read(ZONE, never)
    return /Credential=([^/]+)\/\d+\/([^/]+)/.exec(fake.authorization)?.slice(1).join(' ')
  }

  function connect(options: Record<string, unknown>): Promise<Provider> {
    return plugin.connect(plugin.options(options), { directory: '/', zones: [ZONE] })
  }

  test('of the options are used before those of the environment', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENV')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x')
    expect(await accessKey({ access_key_id: 'AKIAOPTION', secret_access_key: 'x' })).toBe('AKIAOPTION us-east-1')
    fake.close()
    expect(await accessKey({})).toBe('AKIAENV us-east-1')
  })

  test('of a profile', async () => {
    expect(await accessKey({ profile: 'mail' })).toBe('AKIAPROFILE us-east-1')
  })

  test('of a profile in another partition lead to its API', async () => {
    expect(await accessKey({ profile: 'china' }, 'https://route53.amazonaws.com.cn')).toBe('AKIACHINA cn-northwest-1')
  })

  test('for an endpoint of one’s own', async () => {
    const endpoint = 'http://localhost:4566'
    expect(await accessKey({ profile: 'mail', endpoint }, endpoint)).toBe('AKIAPROFILE us-east-1')
  })

  test('that are nowhere', async () => {
    fake = new Route53Fake()
    await expect((await connect({})).read(ZONE, never)).rejects.toMatchObject({
      code: 'authentication',
      message: 'no AWS credentials: Could not load credentials from any providers',
      hint: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    })
  })

  test('of a profile that does not exist', async () => {
    fake = new Route53Fake()
    await expect((await connect({ profile: 'male' })).read(ZONE, never)).rejects.toMatchObject({
      code: 'authentication',
      message: expect.stringContaining('male'),
    })
  })

  test('from a credential_process that fails, without what it printed', async () => {
    fake = new Route53Fake()
    await writeFile(
      join(directory, 'config'),
      '[profile tool]\ncredential_process = sh -c "echo hunter2 >&2; exit 1"\n',
    )
    const error = await (await connect({ profile: 'tool' })).read(ZONE, never).catch((failure: Error) => failure)
    expect(String((error as Error).message)).toContain('credential_process failed')
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2')
  })
})
