import { ZONE } from '../../../conformance/subject.js'
import type { Provider } from '../../../providers/provider.js'
import { plugin } from '../../../providers/route53/index.js'
import type { Name } from '../../../records/rr/name.js'

/** Made up; must never be in an error. */
export const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
export const TOKEN = 'IQoJb3JpZ2luX2VjEXAMPLETOKEN'

/** The adapter on the fake: one attempt a request, unless the options say otherwise. */
export function connectRoute53(
  options: Record<string, unknown> = {},
  zones: readonly Name[] = [ZONE],
): Promise<Provider> {
  const parsed = plugin.options({
    access_key_id: 'AKIAIOSFODNN7EXAMPLE',
    secret_access_key: SECRET,
    session_token: TOKEN,
    client_max_attempts: 1,
    ...options,
  })
  return plugin.connect(parsed, { directory: '/', zones })
}
