// What `npm start` says when the shop is ready: what to open and try, in a few lines that can be pasted.

/** `samples`: events that were loaded into an empty shop. */
export function welcome({
  url,
  dataDir,
  token,
  samples,
}: {
  url: string
  dataDir: string
  token: string
  samples: number
}): string {
  const loaded = samples > 0 ? ` Sample goods and customers were loaded (${samples} events).` : ''
  return `
Kram is open at ${url} (data in ${dataDir}, log in ${dataDir}/shop.log).${loaded}

  export TOKEN=${token}   # role shop, for a day

  curl ${url}/products -H "authorization: Bearer $TOKEN"
  curl ${url}/purchases -H "authorization: Bearer $TOKEN" -H "content-type: application/json" \\
    -d '{"customer_id": "customer_k_000", "product_id": "cukier_k_2", "quantity": 8}'
  curl ${url}/customers/customer_k_000 -H "authorization: Bearer $TOKEN"

  npm run -s kram -- list customers        # the same, as the first shop printed it
  npm run -s kram -- --help                # everything else
  ${url}/openapi.json   # the API

Ctrl-C ends it; nothing is lost.
`
}
