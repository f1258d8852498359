import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, test } from 'node:test';
import { WebSocket as NodeWebSocket } from 'ws';

import { LiveClient, type LiveEvent, type LiveState, type LiveTimes } from '../src/live.ts';
import { LogServer } from './server.ts';

const QUICK: LiveTimes = { ping: 5_000, longestWait: 20, hidden: 50 };
const opened: { close(): void }[] = [];
afterEach(() => opened.splice(0).forEach((part) => part.close()));

async function serve(): Promise<LogServer> {
  const server = await LogServer.open();
  opened.push(server);
  return server;
}

function follow(server: LogServer, times: Partial<LiveTimes> = {}) {
  const events: LiveEvent[] = [];
  const states: LiveState[] = [];
  const client = new LiveClient({
    url: server.url,
    webSocket: NodeWebSocket as unknown as typeof WebSocket,
    times: { ...QUICK, ...times },
    onState: (state) => states.push(state),
  });
  opened.unshift(client);
  const end = client.subscribe('subscription P($after: Cursor) { progress(after: $after) { cursor } }', (event) => {
    events.push(event);
  });
  client.wake();
  const deltas = () => events.filter((event) => event.__typename === 'ProgressDelta').map((event) => event.cursor);
  return { client, events, states, deltas, end };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    assert.ok(waited < 5_000, 'the condition did not come true in 5 s');
    await sleep(5);
  }
}

test('the first event is a snapshot, then every change arrives once and in order', async () => {
  const server = await serve();
  const { events, deltas } = follow(server);
  await until(() => events.length === 1);
  assert.equal(events[0]?.__typename, 'ProgressSnapshot');
  server.append();
  server.append();
  await until(() => deltas().length === 2);
  assert.deepEqual(deltas(), ['1', '2']);
});

test('30 cuts lose nothing and double nothing', async () => {
  const server = await serve();
  const { events, deltas } = follow(server);
  await until(() => events.length === 1);
  for (let cut = 0; cut < 30; cut++) {
    server.append();
    await sleep(Math.random() * 20);
    server.cut();
    server.append();
  }
  await until(() => deltas().length >= 60);
  await sleep(50);
  assert.deepEqual(deltas(), server.log);
  assert.equal(events.filter((event) => event.__typename === 'ProgressSnapshot').length, 1);
});

test('an event that the server repeats is shown once', async () => {
  const server = await serve();
  const { events, deltas } = follow(server);
  await until(() => events.length === 1);
  server.append();
  await until(() => deltas().length === 1);
  server.repeat = true;
  server.cut();
  await until(() => server.subscribed.length === 2);
  server.append();
  await until(() => deltas().length >= 2);
  assert.deepEqual(deltas(), ['1', '2']);
});

test('after a resync the client has no cursor, so the next connection starts from a snapshot', async () => {
  const server = await serve();
  const { events } = follow(server);
  await until(() => events.length === 1);
  server.resync = true;
  server.cut();
  await until(() => events.at(-1)?.__typename === 'Resync');
  server.cut();
  await until(() => events.at(-1)?.__typename === 'ProgressSnapshot' && events.length === 3);
  assert.deepEqual(server.subscribed, [null, '0', null]);
});

test('4401 means signed out: no further attempt is made', async () => {
  const server = await serve();
  server.refuseWith = 4401;
  const { client, states } = follow(server);
  await until(() => client.state === 'signed-out');
  client.wake();
  await sleep(80);
  assert.equal(server.connections, 1);
  assert.deepEqual(states, ['connecting', 'signed-out']);
});

test('a subscription refused to nobody means signed out, though the socket is open to strangers', async () => {
  const server = await serve();
  const { client, events, states } = follow(server);
  await until(() => events.length === 1);
  const errors = [{ message: 'Войдите снова.', extensions: { code: 'UNAUTHENTICATED' } }];
  server.send({ type: 'next', id: '1', payload: { data: null, errors } });
  await until(() => client.state === 'signed-out');
  await sleep(80);
  assert.equal(server.connections, 1);
  assert.deepEqual(states, ['connecting', 'live', 'signed-out']);
});

test('attempts never end and the pause between them is capped', async () => {
  const server = await serve();
  server.refuseWith = 1013;
  const { client } = follow(server);
  await until(() => server.connections >= 15);
  server.refuseWith = 0;
  await until(() => client.state === 'live');
});

test('a server that has gone silent is left and found again', async () => {
  const server = await serve();
  const { client, events, states } = follow(server, { ping: 40 });
  await until(() => events.length === 1);
  server.mute = true;
  await until(() => states.includes('offline'));
  server.mute = false;
  await until(() => client.state === 'live');
  await until(() => server.subscribed.length > 1); // the socket is live before the server has read what follows
  assert.equal(server.subscribed.at(-1), '0');
});

test('a hidden page gives the socket back after a while and catches up when it is seen', async () => {
  const server = await serve();
  const { client, events, deltas } = follow(server);
  await until(() => events.length === 1);
  client.hide();
  await until(() => client.state === 'paused');
  await until(() => server.peers.size === 0);
  server.append();
  client.wake();
  await until(() => deltas().length === 1);
});

test('a page hidden for a moment keeps its socket', async () => {
  const server = await serve();
  const { client, events } = follow(server);
  await until(() => events.length === 1);
  client.hide();
  client.wake();
  await sleep(100);
  assert.equal(client.state, 'live');
  assert.equal(server.connections, 1);
});

test('an error of one subscription leaves the other one alive', async () => {
  const server = await serve();
  const { client, events, deltas } = follow(server);
  client.subscribe('bad', () => assert.fail('a refused subscription has no events'));
  await until(() => events.length === 1);
  server.append();
  await until(() => deltas().length === 1);
  assert.equal(server.connections, 1);
});

test('an event whose part was away is asked for again and moves no cursor', async () => {
  const server = await serve();
  const { events, deltas } = follow(server);
  await until(() => events.length === 1);
  server.log.push('1');
  const errors = [{ message: 'Повторите позже.', extensions: { code: 'UNAVAILABLE' } }];
  const removed = { progress: { __typename: 'ProgressDelta', cursor: '1', course: null } };
  server.send({ type: 'next', id: '1', payload: { data: removed, errors } });
  server.send({ type: 'complete', id: '1' });
  await until(() => deltas().length === 1);
  assert.equal(events.length, 2);
  assert.deepEqual(server.subscribed, [null, '0']);
});

test('a stream ended by an outage goes on by its cursor, any other error starts it over', async () => {
  const server = await serve();
  const { events } = follow(server);
  await until(() => events.length === 1);
  for (const [id, code] of [['1', 'TIMEOUT'], ['2', 'INTERNAL']]) {
    server.send({ type: 'error', id, payload: [{ message: '', extensions: { code } }] });
    await until(() => server.subscribed.length === Number(id) + 1);
  }
  assert.deepEqual(server.subscribed, [null, '0', null]);
});

test('a ping of the server is answered with its payload', async () => {
  const server = await serve();
  const { events } = follow(server);
  await until(() => events.length === 1);
  const heard: string[] = [];
  for (const peer of server.peers) peer.on('message', (data) => heard.push(String(data)));
  server.send({ type: 'ping', payload: { n: 7 } });
  await until(() => heard.includes('{"type":"pong","payload":{"n":7}}'));
});

test('an ended subscription is completed on the server and hears nothing more', async () => {
  const server = await serve();
  const { events, end } = follow(server);
  await until(() => events.length === 1);
  const heard: string[] = [];
  for (const peer of server.peers) peer.on('message', (data) => heard.push(String(data)));
  end();
  await until(() => heard.includes('{"type":"complete","id":"1"}'));
  server.append();
  await sleep(30);
  assert.equal(events.length, 1);
});
