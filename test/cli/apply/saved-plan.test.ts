import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Workspace, workspace } from '../workspace.js'

const SPEC = `
providers: { local: { class: yaml, directory: ./zones }, spare: { class: yaml, directory: ./spare } }
zones: { example.com.: { targets: [local] } }
defaults: { dkim: false }
domains: { example.com: { spf: { addresses: [192.0.2.1] } } }
`
const ZONE = "---\n'':\n  type: TXT\n  values:\n  - google=1\n  - MS=ms1\n"
const FILE = 'zones/example.com.yaml'

describe('a saved plan on the command line', () => {
  let space: Workspace
  beforeEach(async () => {
    space = await workspace({ 'mailsync.yaml': SPEC, [FILE]: ZONE })
  })
  afterEach(() => space.remove())
  const plan = async (): Promise<string> => {
    const file = space.path('plan.json')
    expect(await space.run(['plan', '--out', file])).toMatchObject({ code: 0 })
    return file
  }

  test('is carried out', async () => {
    expect(await space.run(['apply', await plan(), '--yes'])).toMatchObject({ code: 0 })
    expect(await space.read(FILE)).toContain('v=spf1')
  })

  test('that was edited is refused in a sentence, and strangers keep what is theirs', async () => {
    const file = await plan()
    const text = (await space.read('plan.json')).replace(
      /"rdata": \[\s+"MS=ms1",\s+"google=1",\s+"v=spf1/,
      '"rdata": ["v=spf1',
    )
    await space.write('plan.json', text)
    const { code, stderr } = await space.run(['apply', file, '--yes'])
    expect(code).toBe(1)
    expect(stderr).toContain('its `after` is not what its edits make of its `before`')
    expect(await space.read(FILE)).toBe(ZONE)
  })

  test('of a zone that cannot be read writes nothing, and says in JSON all that is left to do', async () => {
    const file = await plan()
    await space.write(FILE, 'broken: [')
    const { code, stdout } = await space.run(['apply', file, '--yes', '--format', 'json'])
    expect(code).toBe(1)
    const [zone] = JSON.parse(stdout).zones
    expect(zone).toMatchObject({ zone: 'example.com.', applied: [], uncertain: [] })
    expect(zone.pending).toEqual(JSON.parse(await space.read('plan.json')).zones[0].changes)
  })

  test.each(['--zone', '--domain'])('takes no %s', async (option) => {
    const { code, stderr } = await space.run(['apply', await plan(), '--yes', option, 'example.com'])
    expect(code).toBe(1)
    expect(stderr).toContain('a saved plan is carried out as a whole')
    expect(await space.read(FILE)).toBe(ZONE)
  })

  test.each([
    ['of another owner', `${SPEC}ownership: { owner: other }\n`, 'its owner is "default", and the spec\'s is "other"'],
    ['of no owner', `${SPEC}ownership: false\n`, "and the spec's is none"],
    ['of another provider', SPEC.replace('[local]', '[spare]'), 'does not keep example.com. at local'],
  ])('under the spec %s is refused', async (_, spec, words) => {
    const file = await plan()
    await space.write('mailsync.yaml', spec)
    const { code, stderr } = await space.run(['apply', file, '--yes'])
    expect(code).toBe(1)
    expect(stderr).toContain(words)
    expect(await space.read(FILE)).toBe(ZONE)
  })

  test('goes to a zone that * of the spec covers', async () => {
    const file = await plan()
    await space.write('mailsync.yaml', SPEC.replace('example.com.: {', "'*': {"))
    expect(await space.run(['apply', file, '--yes'])).toMatchObject({ code: 0 })
  })

  test('that cannot be saved is told with the place', async () => {
    const { code, stderr } = await space.run(['plan', '--out', space.path('missing/x.json')])
    expect(code).toBe(1)
    expect(stderr).toMatch(/missing\/x\.json: no such file or directory/)
    expect(stderr).not.toContain('bug')
  })

  test('compile onto a file is told with the place', async () => {
    const { code, stderr } = await space.run(['compile', '--out', space.path(FILE)])
    expect(code).toBe(1)
    expect(stderr).toContain('example.com.yaml: ')
    expect(stderr).not.toContain('bug')
  })

  test('a zone file that is no YAML is told with its line', async () => {
    await space.write(FILE, "---\n'':\n  type: [\n")
    const { code, stdout } = await space.run(['plan'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/zones\/example\.com\.yaml:\d+:\d+: /)
  })
})
