// The road of documents as people walk it, in Chromium.  Settings come as JSON
// in the environment; prints TAP.
'use strict';
const path = require('path');

const at = JSON.parse(process.env.SETTINGS);
const { chromium } = require(path.join(at.modules, 'node_modules',
  'playwright-core'));
const axe = path.join(at.modules, 'node_modules', 'axe-core', 'axe.min.js');

const WAIT = 15000;
let count = 0;
let bad = 0;
function row(good, name, why = '') {
  count++;
  if (!good) bad++;
  const note = good || !why ? '' : ` # ${String(why).replace(/\s+/g, ' ')}`;
  console.log(`${good ? 'ok' : 'not ok'} ${count} - ${name}${note}`);
}

// What a page did that nobody asked for.
function watch(context, trouble) {
  context.on('request', (r) => {
    if (!/^(https:\/\/localhost:|data:|blob:|about:|chrome:|chrome-extension:)/
      .test(r.url()) || (r.url().startsWith('https:') &&
        !r.url().startsWith(`${at.origin}/`)))
      trouble.push(`request to ${r.url()}`);
  });
  context.on('console', (m) => {
    if (['error', 'warning'].includes(m.type()))
      trouble.push(`console: ${m.text()}`);
  });
  context.on('weberror', (e) => trouble.push(`script: ${e.error()}`));
}

class Person {
  constructor(browser, name, scripts) {
    Object.assign(this, { browser, name, scripts, trouble: [] });
  }

  async login() {
    this.context = await this.browser.newContext({
      ignoreHTTPSErrors: true, javaScriptEnabled: this.scripts,
      viewport: { width: 1366, height: 768 }, locale: 'vi-VN' });
    this.context.setDefaultTimeout(WAIT);
    watch(this.context, this.trouble);
    this.page = await this.context.newPage();
    await this.page.goto(`${at.origin}/`);
    await this.page.getByLabel('Tên đăng nhập').fill(this.name);
    await this.page.getByLabel('Mật khẩu').fill(at.people[this.name]);
    await this.press('Đăng nhập');
    await this.page.getByRole('heading', { name: 'Bàn làm việc' }).waitFor();
    return this;
  }

  async press(name) {
    await Promise.all([
      this.page.waitForEvent('domcontentloaded'),
      this.page.getByRole('button', { name, exact: true }).click()]);
  }

  async open(where) {
    await this.page.goto(at.origin + where, { waitUntil: 'domcontentloaded' });
  }

  async state() {
    return this.page.locator('dl dd strong').first().innerText();
  }

  async shot(name) {
    await this.page.screenshot({ fullPage: true,
      path: path.join(at.screens, `${name}.png`) });
  }
}

// ---- the road ----

async function draft(person, i, mode) {
  const { page } = person;
  await page.getByRole('link', { name: 'Soạn văn bản' }).click();
  await page.getByLabel('Loại văn bản').selectOption('Thông báo');
  await page.getByLabel('Trích yếu').fill(`Về việc thứ ${i} (${mode})`);
  await page.getByLabel('Nơi nhận (mỗi dòng một nơi)')
    .fill('Như trên;\nLưu: VT.');
  await page.getByLabel('Người ký').selectOption({ index: 0 });
  await page.getByLabel('Tệp PDF').setInputFiles(
    path.join(at.files, `${i}.pdf`));
  if (i === 1) await person.shot(`${mode}-02-draft`);
  await person.press('Lưu nháp');
  return Number(new URL(page.url()).pathname.split('/').pop());
}

async function act(person, d, button, fill) {
  await person.open(`/van-ban/${d}`);
  if (fill) await person.page.getByLabel(fill[0]).fill(fill[1]);
  await person.press(button);
  return person.state();
}

// These drafts do not have his name: the first time he says where.
async function sign(person, d, pin) {
  const { page } = person;
  await person.open(`/van-ban/${d}`);
  await page.getByLabel(pin[0]).fill(pin[1]);
  await person.press('Ký số');
  if (/không tìm thấy họ tên/.test(await page.locator('main').innerText())) {
    person.trouble.length = 0; // a 422 is an error on the console
    await page.getByRole('link', { name: 'Đặt chỗ chữ ký rồi ký' }).click();
    row(await page.getByLabel(pin[0]).count() === 0,
      'no PIN is asked for before there is a place');
    await page.getByLabel('Cách mép trái (mm)').fill('129');
    await page.getByLabel('Cách mép trên (mm)').fill('226');
    await person.press('Xem chỗ này');
    person.trouble.length = 0; // the page without a place was a 422
    await page.getByRole('img', { name: /: chữ ký/ }).waitFor();
    await page.getByLabel(pin[0]).fill(pin[1]);
    await person.press('Ký số');
    row(true, 'he is asked where, and says it');
  }
  return person.state();
}

async function road(browser, mode) {
  const p = {};
  for (const name of ['chuyenvien', 'truongphong', 'giamdoc', 'vanthu',
    'quantri'])
    p[name] = await new Person(browser, name, mode === 'scripts').login();
  row(true, `${mode}: five roles log in`);
  await p.vanthu.shot(`${mode}-01-desk`);
  const made = [];
  for (const i of [1, 2, 3]) made.push(await draft(p.chuyenvien, i, mode));
  row(made.every((d) => d > 0), `${mode}: three drafts`, made);
  const pin = ['Mã PIN thiết bị ký của tôi', at.pin];
  for (const d of made) {
    const seen = [await act(p.chuyenvien, d, 'Trình')];
    if (d === made[0]) await p.truongphong.open(`/van-ban/${d}`);
    if (d === made[0]) await p.truongphong.shot(`${mode}-03-agree`);
    seen.push(await act(p.truongphong, d, 'Đồng ý'));
    seen.push(await act(p.giamdoc, d, 'Duyệt'));
    if (d === made[0]) await p.giamdoc.shot(`${mode}-04-sign`);
    seen.push(await sign(p.giamdoc, d, pin));
    seen.push(await act(p.vanthu, d, 'Vào sổ, cấp số'));
    row(seen.join() === ['Chờ trưởng phòng', 'Chờ lãnh đạo', 'Chờ chữ ký',
      'Chờ vào sổ đi', 'Chờ đóng dấu'].join(),
    `${mode}: document ${d} goes up to its number`, seen);
  }
  await seal(p.vanthu, made, mode);
  for (const d of made)
    row(await act(p.vanthu, d, 'Lưu') === 'Lưu',
      `${mode}: document ${d} is kept`);
  await p.vanthu.shot(`${mode}-08-document`);
  await look(p, made, mode);
  if (mode === 'scripts') await withAnnex(p);
  await leave(p, mode);
}

// A draft with an annex, signed on the leader's own page, sealed together.
async function withAnnex(p) {
  const d = await draft(p.chuyenvien, 1, 'phụ lục');
  let { page } = p.chuyenvien;
  await page.getByLabel('Tên phụ lục (tệp riêng)').fill('Phụ lục I');
  await page.getByLabel('Tệp PDF của phụ lục').setInputFiles(
    path.join(at.files, '2.pdf'));
  await p.chuyenvien.press('Thêm phụ lục');
  row(/1 phụ lục/.test(await page.locator('main').innerText()),
    'an annex is added');
  await axed(page, 'a draft with an annex');
  await act(p.chuyenvien, d, 'Trình');
  await act(p.truongphong, d, 'Đồng ý');
  await act(p.giamdoc, d, 'Duyệt');
  ({ page } = p.giamdoc);
  await page.getByRole('link', { name: 'Xem thiết bị ký, đặt chỗ chữ ký' })
    .click();
  await page.getByLabel('Cách mép trái (mm)').fill('100');
  await page.getByLabel('Cách mép trên (mm)').fill('200,5');
  await p.giamdoc.press('Xem chỗ này');
  await axed(page, 'the page to sign on');
  await p.giamdoc.shot('scripts-10-sign');
  await page.getByLabel('Mã PIN thiết bị ký của tôi').fill(at.pin);
  await p.giamdoc.press('Ký số');
  row(await p.giamdoc.state() === 'Chờ vào sổ đi',
    'the leader signs at a place of his own');
  await act(p.vanthu, d, 'Vào sổ, cấp số');
  ({ page } = p.vanthu);
  await p.vanthu.open('/dong-dau');
  await p.vanthu.press('Kiểm tra và đóng dấu');
  row(/1 văn bản, 2 tệp \(1 phụ lục\)/.test(
    await page.locator('main').innerText()), 'the clerk is told of two files');
  const small = await sketchWidth(page);
  await page.getByRole('img', { name: 'Trang 1: chữ ký, dấu, số, ngày' }).click();
  row(await sketchWidth(page) > 4 * small, 'a sketch that is pressed is large');
  await axed(page, 'the page to check before sealing');
  await p.vanthu.shot('scripts-11-check');
  await page.getByLabel('Mã PIN thiết bị của cơ quan').fill(at.pin);
  await p.vanthu.press('Đóng dấu 1 văn bản');
  await page.getByText('Đã đóng dấu 1 trên 1 văn bản.').waitFor();
  row(true, 'and seals them with one PIN');
}

function sketchWidth(page) {
  return page.locator('.sketch svg').first().evaluate(
    (svg) => svg.getBoundingClientRect().width);
}

async function seal(clerk, made, mode) {
  const { page } = clerk;
  await page.getByRole('link', { name: 'Đóng dấu', exact: true }).click();
  row(await page.getByRole('checkbox', { checked: true }).count() === 3,
    `${mode}: the queue has three, all ticked`);
  await clerk.shot(`${mode}-05-queue`);
  await clerk.press('Kiểm tra và đóng dấu');
  await page.getByLabel('Mã PIN thiết bị của cơ quan').fill('00000000');
  await clerk.press('Đóng dấu 3 văn bản');
  row(/Mã PIN sai/.test(await page.locator('main').innerText()),
    `${mode}: a wrong PIN is told`);
  await clerk.shot(`${mode}-06-wrong-pin`);
  clerk.trouble.length = 0; // a 409 is an error on the console
  await clerk.open('/dong-dau');
  await page.locator('button:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#pin:focus').waitFor();
  await page.keyboard.type(at.pin);
  await page.keyboard.press('Enter');
  await page.getByText('Đã đóng dấu 3 trên 3 văn bản.').waitFor();
  row(true, `${mode}: three are sealed with one PIN and the Enter key`);
  await clerk.shot(`${mode}-07-sealed`);
  await page.locator('button:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Đã phát hành 3 trên 3 văn bản.').waitFor();
  row(true, `${mode}: and sent out with another`);
}

async function look(p, made, mode) {
  const { page } = p.vanthu;
  await page.getByRole('link', { name: 'Sổ đi' }).click();
  const lines = await page.locator('tbody tr').allInnerTexts();
  row(lines.filter((l) => l.includes(`(${mode})`)).length === 3 &&
    lines.every((l, i) => l.startsWith(String(i + 1).padStart(2, '0'))),
  `${mode}: the register has their lines`, lines);
  await p.vanthu.shot(`${mode}-09-register`);
  const file = await p.vanthu.context.request.get(
    `${at.origin}/van-ban/${made[0]}/tep/da-dong-dau`);
  row(file.status() === 200 && (await file.body()).slice(0, 5)
    .toString() === '%PDF-', `${mode}: the sealed file comes as PDF`);
  await p.quantri.open(`/van-ban/${made[0]}`);
  row(/không có quyền|Không tìm thấy/.test(
    await p.quantri.page.locator('main').innerText()),
  `${mode}: the administrator sees no document`);
  p.quantri.trouble.length = 0; // a 403 is an error on the console
}

async function leave(p, mode) {
  const trouble = [];
  for (const person of Object.values(p)) {
    await person.open('/');
    await person.press('Đăng xuất');
    await person.open('/van-ban');
    if (!person.page.url().endsWith('/dang-nhap'))
      trouble.push(`${person.name} is still logged in`);
    trouble.push(...person.trouble.map((t) => `${person.name}: ${t}`));
    await person.context.close();
  }
  row(!trouble.length, `${mode}: no console error, no request elsewhere, ` +
    'all logged out', [...new Set(trouble)].slice(0, 5).join('; '));
}

// ---- for everybody's eyes and hands ----

async function access(browser) {
  const clerk = await new Person(browser, 'vanthu', true).login();
  const { page } = clerk;
  const pages = [['the login', '/dang-nhap'], ['the desk', '/'],
    ['a document', '/van-ban/1'], ['a new draft', '/van-ban/moi'],
    ['the list', '/van-ban'], ['the register', '/so-di'],
    ['the token', '/ban-giao'], ['checking a code', '/kiem-tra-ma'],
    ['what came', '/van-ban-den'], ['taking in', '/van-ban-den/moi'],
    ['checking a file', '/kiem-tra']];
  for (const [name, where] of pages) {
    await clerk.open(where);
    // The pages forbid scripts; axe is run past that by the debugger.
    await axed(page, name);
  }
  await reflow(clerk, pages);
  await keyboard(clerk);
  await clerk.context.close();
}

async function axed(page, name) {
  const found = await run(page);
  for (const v of found)
    console.log(`# axe: ${name}: ${v.impact}: ${v.id}: ${v.help} ` +
      `(${v.nodes.length}: ${v.nodes[0].target.join(' ')})`);
  const grave = found.filter((v) => ['serious', 'critical']
    .includes(v.impact));
  row(!grave.length, `axe: ${name}: nothing serious`,
    grave.map((v) => v.id).join(', '));
}

async function run(page) {
  await page.evaluate(require('fs').readFileSync(axe, 'utf8'));
  return page.evaluate(async () => {
    const got = await window.axe.run(document, { iframes: false });
    return got.violations.map((v) => ({ id: v.id, impact: v.impact,
      help: v.help, nodes: v.nodes.map((n) => ({ target: n.target })) }));
  });
}

// WCAG 1.4.10: at 320 px only data tables may be wider than the window.
async function reflow(clerk, pages) {
  const { page } = clerk;
  await page.setViewportSize({ width: 320, height: 640 });
  for (const [name, where] of pages.filter(([n]) => !/list|register/.test(n))) {
    await clerk.open(where);
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll('main *, header *')]
        .filter((e) => !e.closest('table,.skip') &&
          e.getBoundingClientRect().right > window.innerWidth + 1)
        .map((e) => e.tagName + (e.id ? `#${e.id}` : '')));
    row(!wide.length, `320 px: ${name} fits`, wide.slice(0, 5));
  }
  await clerk.shot('narrow');
  await page.setViewportSize({ width: 1366, height: 768 });
}

async function keyboard(clerk) {
  const { page } = clerk;
  await clerk.open('/');
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement.className);
  await page.keyboard.press('Enter');
  const there = await page.waitForURL(/#noi-dung$/, { timeout: 9000 })
    .then(() => true, () => false);
  row(first === 'skip' && there,
    'the first Tab is the way to the content', `${first} ${page.url()}`);
}

async function main() {
  const browser = await chromium.launch({ executablePath: at.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic',
      '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'] });
  try {
    await road(browser, 'scripts');
    await road(browser, 'no-scripts');
    await access(browser);
  } catch (e) {
    row(false, 'the browser goes to the end', e.stack || e);
  }
  await browser.close();
  console.log(`1..${count}`);
  process.exit(bad ? 1 : 0);
}

main();
