const HTML = { 'content-type': 'text/html' }
const JSON_TYPE = { 'content-type': 'application/json' }
const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Welcome</p></body></html>'

/** What a captive portal, a proxy or some other API answers in the place of a provider: none of it is the provider's word. */
export const FOREIGN_REPLIES = {
  'a page with 200': { status: 200, body: PAGE, headers: HTML },
  'a page with 200 that says it is what the API sends': { status: 200, body: PAGE, headers: JSON_TYPE },
  'nothing, with 200': { status: 200, body: '', headers: JSON_TYPE },
  'no content, with 204': { status: 204, body: '', headers: {} },
  'JSON of something else': { status: 200, body: '{"status":"ok"}', headers: JSON_TYPE },
  'a JSON null': { status: 200, body: 'null', headers: JSON_TYPE },
  'XML of something else': {
    status: 200,
    body: '<?xml version="1.0"?><feed><title>x</title></feed>',
    headers: { 'content-type': 'text/xml' },
  },
  'a redirect to a portal': { status: 302, body: PAGE, headers: { ...HTML, location: 'https://portal.example/' } },
  'a page with 403': { status: 403, body: PAGE, headers: HTML },
  'JSON of something else with 403': { status: 403, body: '{"errors":"no"}', headers: JSON_TYPE },
  'a page with 404': { status: 404, body: PAGE, headers: HTML },
  'a page with 502': { status: 502, body: PAGE, headers: HTML },
} as const
