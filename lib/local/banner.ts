// What `npm start` says when the shop is ready: what to open and try, in a few lines that can be pasted.
import { resolve } from 'node:path'
import type { Loaded } from './samples.ts'

/** As a shell takes it for one word. */
const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** `samples`: what was loaded into an empty shop. */
export function welcome({
  url,
  dataDir,
  token,
  link,
  samples,
}: {
  url: string
  dataDir: string
  token: string
  /** Signs in to the admin page, once. */
  link: string
  samples: Loaded
}): string {
  const { events, promos } = samples
  // Else the commands below would look into another shop.
  const shell =
    resolve(dataDir) === resolve('.kram')
      ? ''
      : `  export KRAM_DATA=${quoted(resolve(dataDir))}   # this shop, for kram\n`
  const loaded =
    events > 0 ? ` Sample goods and customers were loaded (${events} events), and ${promos} promotions.` : ''
  return `
Kram is open at ${url} (data in ${dataDir}, log in ${dataDir}/shop.log).${loaded}

  ${url}/admin/login?token=${link}
    the admin page; this link is good once, for ten minutes (another: npm run -s kram -- token --admin-link)

${shell}  export TOKEN=${token}   # role shop, for a day

  curl ${url}/products -H "authorization: Bearer $TOKEN"
  curl ${url}/purchases -H "authorization: Bearer $TOKEN" -H "content-type: application/json" \\
    -d '{"customer_id": "customer_k_000", "product_id": "cukier_k_2", "quantity": 8}'
  curl ${url}/customers/customer_k_000 -H "authorization: Bearer $TOKEN"

  # what a cart comes to: two and the third for nothing, free delivery, cashback
  curl ${url}/checkout -H "authorization: Bearer $TOKEN" -H "content-type: application/json" \\
    -d '{"lines": [{"product_id": "czekolada_k_1", "quantity": 3}, {"product_id": "krosivky_k_2", "quantity": 1},
         {"product_id": "vyshyvanka_k_1", "quantity": 1}], "customer_id": "customer_k_000",
         "delivery": {"method": "novaposhta"}, "payment": {"method": "card"}}'
  curl "${url}/products/shorty_k_1/hints?language=uk" -H "authorization: Bearer $TOKEN"

  npm run -s kram -- list customers        # the same, as the first shop printed it
  npm run -s kram -- promos list           # what is on sale
  npm run -s kram -- promos pause chocolate-2-plus-1 --why 'sold out'   # and what no longer is, within 5 s
  npm run -s kram -- --help                # everything else
  ${url}/openapi.json   # the API

Ctrl-C ends it; nothing is lost.
`
}
