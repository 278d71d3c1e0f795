import { FakeCloudflare, TOKEN } from '../fakes/cloudflare/cloudflare.js'
import { type Ran, type RunSettings, type Workspace, workspace } from './workspace.js'

/** Many zones at one provider, and a spec of them. */
export interface Fleet {
  readonly fake: FakeCloudflare
  readonly space: Workspace
  run(args: readonly string[], settings?: RunSettings): Promise<Ran>
  close(): Promise<void>
}

/** @param count how many zones, `zone0.example` and so on */
export async function cloudflareFleet(
  count: number,
  provider = '{ class: cloudflare, token: env/TOKEN }',
): Promise<Fleet> {
  const names = Array.from({ length: count }, (_, index) => `zone${index}.example`)
  const space = await workspace({
    'mailsync.yaml': `providers: { cf: ${provider} }
zones: { ${names.map((name) => `${name}: { targets: [cf] }`).join(', ')} }
defaults: { dkim: false }
domains: { ${names.map((name) => `${name}: { mail: none, dmarc: false }`).join(', ')} }
`,
  })
  const fake = new FakeCloudflare()
  for (const name of names) fake.addZone(name)
  return {
    fake,
    space,
    run: (args, settings) => space.run(args, { env: { TOKEN }, ...settings }),
    close: async () => {
      fake.close()
      await space.remove()
    },
  }
}

/** The events that `--log json` wrote, in their order. */
export function eventsIn(stderr: string): Record<string, unknown>[] {
  return stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
