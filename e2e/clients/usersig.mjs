// The vendor's UserSig library for Node against the server: what it makes signs an admin in.
// ROLLCALL_URL, ROLLCALL_APP and ROLLCALL_KEY say where.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const { Api } = createRequire(new URL('../package.json', import.meta.url))('tls-sig-api-v2');
const { ROLLCALL_URL: url, ROLLCALL_APP: app, ROLLCALL_KEY: key } = process.env;

async function call(command, sig, body) {
  const query = `sdkappid=${app}&identifier=administrator&usersig=${sig}&random=${Math.floor(Math.random() * 2 ** 32)}`;
  const answer = await fetch(`${url}/v4/${command}?${query}&contenttype=json`, { method: 'POST', body: JSON.stringify(body) });
  assert.equal(answer.status, 200);
  return answer.json();
}

const api = new Api(Number(app), key);
const body = { CheckItem: [{ UserID: 'administrator' }] };
for (const [what, sig, code] of [
  ['a UserSig', api.genSig('administrator', 3600), 0],
  ['a UserSig with a userbuf', api.genPrivateMapKey('administrator', 3600, 7, 255), 0],
  ['an expired UserSig', api.genSig('administrator', -1), 70001],
  ['a UserSig of someone else', api.genSig('someone', 3600), 70013],
]) {
  const answer = await call('im_open_login_svc/account_check', sig, body);
  assert.equal(answer.ErrorCode, code, `${what}: ${JSON.stringify(answer)}`);
  console.log(`    ${what}: ok`);
}
