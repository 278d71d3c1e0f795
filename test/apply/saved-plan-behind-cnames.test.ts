import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'

const SPEC = `providers:
  local: { class: yaml, directory: zones }
zones:
  example.net.: &here { targets: [local] }
  rev.example.com.: *here
  9.9.9.in-addr.arpa.: *here
hosts:
  mail.example.net: { addresses: [9.9.9.10] }
  other.example.net: { addresses: [9.9.9.20] }
domains: {}
`
const REVERSE = `"10":\n  type: CNAME\n  value: h10.rev.example.com.\n`

let space: Workspace
beforeEach(async () => {
  space = await workspace({
    'mailsync.yaml': SPEC,
    'zones/example.net.yaml': '---\n{}\n',
    'zones/rev.example.com.yaml': '---\n{}\n',
    'zones/9.9.9.in-addr.arpa.yaml': REVERSE,
  })
})
afterEach(() => space.remove())

/** Plans into a file, and carries that out. */
async function applySaved(spec: string): Promise<void> {
  await space.write('mailsync.yaml', spec)
  const file = space.path('plan.json')
  expect(await space.run(['plan', '--no-dns', '--out', file])).toMatchObject({ code: 0 })
  expect(await space.run(['apply', file, '--no-dns', '--yes'])).toMatchObject({ code: 0, stderr: '' })
}

test('a saved plan makes, changes and deletes a PTR behind a CNAME of a zone that it does not change', async () => {
  const zone = () => space.read('zones/rev.example.com.yaml')
  await applySaved(SPEC)
  expect(await zone()).toContain('value: mail.example.net.')
  await applySaved(SPEC.replace('mail.', 'mx.'))
  expect(await zone()).toContain('value: mx.example.net.')
  await applySaved(SPEC)
  await applySaved(SPEC.replace('[9.9.9.10]', '[9.9.9.10], reverse: false'))
  expect(await zone()).not.toContain('PTR')
  expect(await space.read('zones/9.9.9.in-addr.arpa.yaml')).toContain('value: h10.rev.example.com.')
})
