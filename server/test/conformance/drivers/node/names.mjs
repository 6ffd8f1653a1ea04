/** Names resolve from a loopback table alone: nothing that is driven here can reach anybody else. */
import dns from 'node:dns';

const LOOPBACK = { address: '127.0.0.1', family: 4 };

/** In the shape of `dns.lookup`, which is what sockets resolve by. */
function lookup(name, given, answer) {
  const [options, done] = typeof given === 'function' ? [{}, given] : [given, answer];
  if (name !== 'localhost') {
    const error = new Error(`getaddrinfo ENOTFOUND ${name}`);
    done(Object.assign(error, { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: name }));
  } else if (options.all) done(null, [LOOPBACK]);
  else done(null, LOOPBACK.address, LOOPBACK.family);
}

dns.lookup = lookup;

/** Whether the vendor's names are out of reach, asked as a socket asks. */
export function areNamesRefused(name) {
  return new Promise((resolve) => {
    dns.lookup(name, (error) => resolve(error !== null));
  });
}
