import { expect } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { WINDOW } from '../query/world.js';
import { runboardFiles } from '../support/command.js';
import type { TestService } from '../support/service.js';

/** The week of the world. */
export const WEEK = { from: new Date(WINDOW.from).toISOString(), to: new Date(WINDOW.to).toISOString() };

const clients: Client[] = [];

/** Over streamable HTTP. */
export const overHttp = async ({ address, token: own }: TestService, token = own): Promise<Client> => {
  const headers = { authorization: `Bearer ${token}` };
  return connected(new StreamableHTTPClientTransport(new URL(`${address}/mcp`), { requestInit: { headers } }));
};
/** Over standard input and output of `runboard mcp`. */
export const overStdio = async ({ url }: TestService): Promise<Client> => {
  const env = { PATH: process.env.PATH!, DATABASE_URL: url };
  const args = [...runboardFiles(), 'mcp', '--org', 'acme'];
  return connected(new StdioClientTransport({ command: process.execPath, args, env }));
};

async function connected(transport: Parameters<Client['connect']>[0]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  clients.push(client);
  return client;
}

/** What a tool answers, as text. */
export async function call(
  client: Client,
  name: string,
  given: object = {},
): Promise<{ isError: boolean; text: string }> {
  const result = (await client.callTool({ name, arguments: { ...given } })) as any;
  expect(result.content).toHaveLength(1);
  return { isError: result.isError === true, text: result.content[0].text };
}

/** What a tool answers, which must be no error. */
export async function answer(client: Client, name: string, given: object = {}): Promise<any> {
  const { isError, text } = await call(client, name, given);
  expect([isError, text]).toEqual([false, text]);
  return JSON.parse(text);
}

export async function closeClients(): Promise<void> {
  await Promise.all(clients.map((client) => client.close()));
}
