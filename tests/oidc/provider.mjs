// An OpenID provider (npm `oidc-provider`, certified) for the tests: any name signs in, with any password.
// The name is the subject; its address is verified unless the name begins with "unverified".
// Usage: node provider.mjs PORT CLIENT_ID CLIENT_SECRET REDIRECT_URI
import Provider from "oidc-provider";

const [port, clientId, clientSecret, redirectUri] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  cookies: { keys: ["only for tests"] },
  features: { devInteractions: { enabled: true } },
  // Who comes without a code challenge is refused: so the tests show that we send one.
  pkce: { required: () => true },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id.split(":")[0], email_verified: !id.startsWith("unverified") }),
  }),
});

provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
