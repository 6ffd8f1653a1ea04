import type { Page, Request } from 'playwright-core';

/** The form of the next request for an action that has a field, as it went over the wire. */
export async function nextForm(
  page: Page,
  action: string,
  field: string,
): Promise<URLSearchParams> {
  const request = await page.waitForRequest((one) => asks(one, action) && formOf(one).has(field));
  return formOf(request);
}

/** Until an action is asked for with a field of this value. */
export async function askedWith(
  page: Page,
  action: string,
  field: string,
  value: string,
): Promise<void> {
  await page.waitForRequest((one) => asks(one, action) && formOf(one).get(field) === value);
}

function asks(request: Request, action: string): boolean {
  return request.headers()['x-acs-action'] === action;
}

function formOf(request: Request): URLSearchParams {
  return new URLSearchParams(request.postData() ?? '');
}

/** Until a library was asked for something, and what it was. */
export async function nextOperation(page: Page, operation: string): Promise<object> {
  const request = await page.waitForRequest((one) => one.url().endsWith(`/${operation}`));
  return request.postDataJSON() as object;
}
