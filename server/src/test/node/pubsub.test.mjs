import { after } from 'node:test';
import assert from 'node:assert/strict';
import { client, eventually, isCluster, it, key, raw, readOnlyToken, token, url } from './suite.mjs';

const redis = client();

// A Cluster counts only those who listen at the node that PUBLISH went to.
const certainly = (receivers) => (isCluster ? 0 : receivers);
const open = [];
after(() => Promise.all(open.map((it) => it.unsubscribe())));

/** How many connections of the node's listen to a channel, at whichever engine. */
const listeners = async (channel) => (await redis.exec(['PUBSUB', 'NUMSUB', channel]))[1];

/** A subscriber whose subscriptions stand, with all that arrives. */
async function listening(make, names, options = {}) {
  const subscriber = make(client(options));
  open.push(subscriber);
  const events = { subscribed: [], messages: [], errors: [] };
  for (const type of ['subscribe', 'psubscribe']) {
    subscriber.on(type, (count) => events.subscribed.push(count));
  }
  for (const type of ['message', 'pmessage']) {
    subscriber.on(type, (message) => events.messages.push(message));
  }
  subscriber.on('error', (error) => events.errors.push(error));
  await eventually(`${names} subscriptions stand`, () => events.subscribed.length >= names || events.errors.length > 0);
  assert.deepEqual(events.errors, []);
  return { subscriber, events };
}

it('delivers messages of a channel: text, JSON, numbers, quotes, commas, several scripts', async () => {
  const channel = key('channel');
  const { events } = await listening((it) => it.subscribe(channel), 1);
  assert.deepEqual(events.subscribed, [1]);
  const messages = ['hello', { user: 1, tags: ['a', 'b'] }, 42, 'a,b,,c', 'say "hi"\\', '', 'привет 👋', '[1,2', 'null-ish'];
  for (const message of messages) {
    assert.ok((await redis.publish(channel, message)) >= certainly(1));
  }
  await eventually('all messages arrive', () => events.messages.length === messages.length);
  assert.deepEqual(events.messages, messages.map((message) => ({ channel, message })));
});

it('leaves messages as text for a client without deserialization', async () => {
  const channel = key('channel');
  const { events } = await listening((it) => it.subscribe(channel), 1, { automaticDeserialization: false });
  await redis.publish(channel, { a: 1 });
  await eventually('the message arrives', () => events.messages.length === 1);
  assert.deepEqual(events.messages, [{ channel, message: '{"a":1}' }]);
});

it('keeps the order of 1,000 messages', async () => {
  const channel = key('channel');
  const { events } = await listening((it) => it.subscribe(channel), 1);
  const pipeline = redis.pipeline();
  for (let i = 0; i < 1000; i++) {
    pipeline.publish(channel, i);
  }
  await pipeline.exec();
  await eventually('1,000 messages arrive', () => events.messages.length >= 1000);
  assert.deepEqual(events.messages.map(({ message }) => message), Array.from({ length: 1000 }, (_, i) => i));
});

it('delivers each of several channels to a listener of its own, and nothing of others', async () => {
  const [a, b, other] = [key('a'), key('b'), key('other')];
  const { subscriber, events } = await listening((it) => it.subscribe([a, b]), 2);
  assert.deepEqual(subscriber.getSubscribedChannels(), [a, b]);
  const ofB = [];
  subscriber.on(`message:${b}`, ({ message }) => ofB.push(message));
  await redis.publish(other, 'to nobody');
  await redis.publish(a, 'to a');
  await redis.publish(b, 'to b');
  await eventually('both messages arrive', () => events.messages.length === 2);
  assert.deepEqual(ofB, ['to b']);
});

it('delivers to a pattern, with the channel that matched', async () => {
  const base = key('user');
  const { events } = await listening((it) => it.psubscribe(`${base}:*`), 1);
  await redis.publish(`${base}:1`, { a: 1 });
  await redis.publish(`${base}:2`, { b: [2] });
  await redis.publish(`${base}`, { not: 'matched' });
  await redis.publish(`${base}:3`, { last: true });
  await eventually('three messages arrive', () => events.messages.length === 3);
  assert.deepEqual(events.messages, [
    { pattern: `${base}:*`, channel: `${base}:1`, message: { a: 1 } },
    { pattern: `${base}:*`, channel: `${base}:2`, message: { b: [2] } },
    { pattern: `${base}:*`, channel: `${base}:3`, message: { last: true } },
  ]);
});

it('delivers to each of many subscribers of one channel', async () => {
  const channel = key('channel');
  const all = await Promise.all(Array.from({ length: 20 }, () => listening((it) => it.subscribe(channel), 1)));
  await redis.publish(channel, 'to all');
  await eventually('each has it', () => all.every(({ events }) => events.messages.length === 1));
});

it('ends the subscription in the engine when the client unsubscribes', async () => {
  const [kept, left] = [key('kept'), key('left')];
  const { subscriber, events } = await listening((it) => it.subscribe([kept, left]), 2);
  await subscriber.unsubscribe([left]);
  await eventually('nobody listens', async () => (await listeners(left)) === 0);
  await redis.publish(kept, 'still');
  await eventually('the other channel stays', () => events.messages.some(({ channel }) => channel === kept));
  await subscriber.unsubscribe();
  await eventually('nobody listens to the other either', async () => (await listeners(kept)) === 0);
});

it('delivers every message to one who stays while others come and go', async () => {
  const channel = key('channel');
  const { events } = await listening((it) => it.subscribe(channel), 1);
  let over = false;
  const others = Promise.all(
    Array.from({ length: 10 }, async () => {
      for (let i = 0; i < 10; i++) {
        const { subscriber } = await listening((it) => it.subscribe(channel), 1);
        await subscriber.unsubscribe();
      }
    }),
  ).finally(() => (over = true));
  let sent = 0;
  while (!over) {
    await redis.publish(channel, sent++);
  }
  await others;
  await redis.publish(channel, 'last');
  await eventually('the last arrives', () => events.messages.at(-1)?.message === 'last');
  assert.deepEqual(events.messages.slice(0, -1).map(({ message }) => message), Array.from({ length: sent }, (_, i) => i));
  await eventually('only one listens', async () => (await redis.exec(['PUBSUB', 'NUMSUB', channel]))[1] === 1);
});

it('delivers a message of 200,000 characters whole', async () => {
  const channel = key('channel');
  const { events } = await listening((it) => it.subscribe(channel), 1);
  const long = 'й'.repeat(200_000);
  await redis.publish(channel, long);
  await eventually('it arrives', () => events.messages.length === 1);
  assert.equal(events.messages[0].message, long);
});

it('publishes a raw body, and by the path', async () => {
  const channel = key('channel');
  const { events } = await listening((it) => it.subscribe(channel), 1);
  const receivers = [
    (await raw(`/publish/${encodeURIComponent(channel)}`, { body: '{"raw":true}' })).json.result,
    (await raw(`/publish/${encodeURIComponent(channel)}/hello%20world`, { method: 'GET' })).json.result,
  ];
  receivers.forEach((it) => assert.ok(certainly(1) <= it && it <= 1, `${it}`));
  await eventually('both arrive', () => events.messages.length === 2);
  assert.deepEqual(events.messages.map(({ message }) => message), [{ raw: true }, 'hello world']);
});

it('sends event-stream lines exactly as the SDK reads them, never base64', async () => {
  const channel = key('channel');
  const stream = await lines(`/subscribe/${encodeURIComponent(channel)}`, { 'upstash-encoding': 'base64' });
  assert.match(stream.contentType, /^text\/event-stream/);
  await eventually('the subscription', () => stream.data.length === 1);
  await redis.publish(channel, 'plain');
  await eventually('the message', () => stream.data.length === 2);
  stream.close();
  assert.deepEqual(stream.data, [`data: subscribe,${channel},1`, `data: message,${channel},plain`]);
});

it('shows each command to a monitor', async () => {
  const stream = await lines('/monitor');
  await eventually('the first event', () => stream.data.length >= 1);
  const k = key('monitored');
  await redis.set(k, 'v');
  await eventually('the command', () => stream.data.some((line) => line.includes(k)));
  stream.close();
  assert.equal(stream.data[0], 'data: "OK"');
  assert.match(stream.data.find((line) => line.includes(k)), /"set".*"v"/i);
});

it('shows nothing to a monitor with a read-only token', { skip: !readOnlyToken && 'LARDER_READ_ONLY_TOKEN is not set' }, async () => {
  const { status, json } = await raw('/monitor', { auth: `Bearer ${readOnlyToken}`, headers: { accept: 'text/event-stream' } });
  assert.ok([400, 403].includes(status), `${status}`);
  assert.match(json.error, /^NOPERM/);
});

it('refuses a subscriber with a wrong token as the SDK can tell it', async () => {
  const errors = [];
  const subscriber = client({ token: 'wrong' }).subscribe(key('channel'));
  subscriber.on('error', (error) => errors.push(error));
  await eventually('the error', () => errors.length === 1);
  assert.match(errors[0].message, /Unauthorized|WRONGPASS/i);
});

/** An event stream read line by line, without comments and blank lines. */
async function lines(path, headers = {}) {
  const controller = new AbortController();
  const response = await fetch(url + path, {
    method: 'POST',
    body: '[]',
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
    signal: controller.signal,
  });
  assert.equal(response.status, 200);
  const data = [];
  const read = async () => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      const all = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = all.pop();
      data.push(...all.filter((line) => line !== '' && !line.startsWith(':')));
    }
  };
  read().catch(() => {});
  return { data, contentType: response.headers.get('content-type'), close: () => controller.abort() };
}
