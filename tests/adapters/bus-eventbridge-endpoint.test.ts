// The EventBridge bus on a real endpoint: the contract of every bus, as far as events need not come back into this
// process.
import { busContract } from '../contract/bus.ts'
import { onEndpoint } from '../support/aws.ts'
import { createEventBridgeTestBus } from '../support/eventbridge-bus.ts'

onEndpoint('bus contract: eventbridge', (endpoint) => {
  const ids = 'EventBridge compares no ids; the consumer finds the conflict by its marker'
  busContract(
    'eventbridge',
    async (subscriptions) => ({
      bus: await createEventBridgeTestBus(endpoint, subscriptions),
      start: async () => {},
    }),
    {
      noDelivery: 'EventBridge delivers to Lambda functions, not into this process',
      skip: {
        'the same id with other content is rejected as conflict': ids,
      },
    },
  )
})
