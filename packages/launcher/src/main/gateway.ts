/** `node packages/launcher/src/main/gateway.ts`: the joint base URL as a process of its own. */
import { startGateway } from '../gateway/gateway.ts';
import { runMain } from './run-main.ts';
import { gatewaySettings, readBy } from './settings.ts';

await runMain(async () => {
  const settings = readBy(gatewaySettings, process.env);
  const gateway = await startGateway({
    services: {
      intake: settings.INTAKE_URL,
      routing: settings.ROUTING_URL,
      sla: settings.SLA_URL,
      'customer-360': settings.CUSTOMER_360_URL,
      offers: settings.OFFERS_URL,
    },
    host: settings.HOST,
    port: settings.PORT,
    trustProxy: settings.TRUST_PROXY,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void gateway.close());
});
